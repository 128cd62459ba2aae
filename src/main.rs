//! The door.

use eksact::cli::{self, Exit};

fn main() -> Exit {
    cli::main(std::env::args_os())
}
