//! The one question that is asked.

use std::io::{BufRead, IsTerminal};

use super::Printer;
use super::error::CommandError;

/// Asks for a word to be typed; without a terminal nobody could, and so it must have been said by a flag.
///
/// # Errors
/// Where there is no terminal, or another word is typed.
pub(super) fn confirm(printer: &Printer, question: &str, word: &str) -> Result<(), CommandError> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Err(
            CommandError::usage("there is no terminal to ask on").hint("add --yes to go on without asking")
        );
    }
    printer.ask(question);
    let mut answer = String::new();
    let read = input.lock().read_line(&mut answer);
    if answer.ends_with('\n') {
        printer.heard();
    }
    if read.is_ok() && answer.trim() == word {
        return Ok(());
    }
    Err(CommandError::new(super::Exit::Failed, "not confirmed: nothing was changed")
        .hint(format!("run it again and type {word}, or add --yes")))
}
