//! The file holds secrets and tokens, so nobody but its owner reads it.

use std::{fs::OpenOptions, io, path::Path};

#[cfg(unix)]
const OWNER_ONLY: u32 = 0o600;

/// Makes the file, if it is not there; one that is there stays as it is. SQLite gives the files beside it the same mode.
pub(super) fn make(path: &Path) -> io::Result<()> {
    let mut create = OpenOptions::new();
    create.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut create, OWNER_ONLY);
    create.open(path).map(drop)
}

/// Closes our file to others, and those beside it that an earlier run left.
#[cfg(unix)]
pub(super) fn keep(path: &Path) -> io::Result<()> {
    for beside in ["", "-wal", "-shm", "-journal"] {
        let mut file = path.as_os_str().to_owned();
        file.push(beside);
        let mode = std::os::unix::fs::PermissionsExt::from_mode(OWNER_ONLY);
        match std::fs::set_permissions(file, mode) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => done?,
        }
    }
    Ok(())
}

/// Elsewhere the folder decides who may read.
#[cfg(not(unix))]
pub(super) fn keep(_: &Path) -> io::Result<()> {
    Ok(())
}
