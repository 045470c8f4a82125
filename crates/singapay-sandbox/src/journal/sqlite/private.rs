//! The file holds secrets and tokens, so nobody but its owner reads it.

use std::{fs::OpenOptions, io, path::Path};

/// Makes the file, if it is not there, and closes it to others. SQLite gives the files beside it
/// the same mode; those that an earlier run left are closed too.
#[cfg(unix)]
pub(super) fn keep(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

    const OWNER_ONLY: u32 = 0o600;
    let mut create = OpenOptions::new();
    create
        .create(true)
        .append(true)
        .mode(OWNER_ONLY)
        .open(path)?;
    for beside in ["", "-wal", "-shm", "-journal"] {
        let mut file = path.as_os_str().to_owned();
        file.push(beside);
        let mode = PermissionsExt::from_mode(OWNER_ONLY);
        match std::fs::set_permissions(file, mode) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => done?,
        }
    }
    Ok(())
}

/// Elsewhere the folder decides who may read.
#[cfg(not(unix))]
pub(super) fn keep(path: &Path) -> io::Result<()> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map(drop)
}
