//! Raw generated client of the SingaPay API.
