//! The terminal, as `indicatif` sees it: what it draws is written in one piece, and is found again where lines have been
//! wrapped since.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::TermLike;

use super::live::Size;
use super::style::paint;

/// Where a board is drawn.
pub(super) struct Surface {
    size: Size,
    colour: bool,
    state: Mutex<State>,
}

struct State {
    into: Box<dyn Write + Send>,
    /// What is not written yet.
    pending: String,
    /// The line that is drawn next, until what fills it is known.
    line: Option<String>,
    /// How wide the lines are that were drawn last.
    drawn: Vec<usize>,
}

impl fmt::Debug for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surface").field("colour", &self.colour).finish_non_exhaustive()
    }
}

impl Surface {
    /// A terminal of this size that takes what is written as it is; in colour, or without.
    pub fn new(size: Size, colour: bool, into: Box<dyn Write + Send>) -> Self {
        let state = State { into, pending: String::new(), line: None, drawn: Vec::new() };
        Self { size, colour, state: Mutex::new(state) }
    }

    /// Never held while anything else is; a panic elsewhere leaves it whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn columns(&self) -> usize {
        (self.size)().0.max(1)
    }

    /// Moves the cursor; by nothing, a terminal would move it by one.
    fn steer(&self, by: usize, letter: char) -> io::Result<()> {
        if by > 0 {
            self.state().pending.push_str(&format!("\u{1b}[{by}{letter}"));
        }
        Ok(())
    }
}

impl TermLike for Surface {
    fn width(&self) -> u16 {
        u16::try_from(self.columns()).unwrap_or(u16::MAX)
    }

    fn height(&self) -> u16 {
        u16::try_from((self.size)().1).unwrap_or(u16::MAX)
    }

    /// To where the last lines begin: a terminal that was made narrower has wrapped them.
    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        let columns = self.columns();
        let drawn = std::mem::take(&mut self.state().drawn);
        let last = drawn.iter().rev().take(lines + 1);
        let rows: usize = last.map(|width| width.div_ceil(columns).max(1)).sum();
        self.steer(if rows == 0 { lines } else { rows - 1 }, 'A')
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.steer(lines, 'B')
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.steer(columns, 'C')
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.steer(columns, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.state().pending.push_str(&format!("{text}\n"));
        Ok(())
    }

    /// A line, and then the blanks that fill it to the terminal's edge. They are left out: they would be wrapped when
    /// that comes closer, and lines that come up to it would be one.
    fn write_str(&self, text: &str) -> io::Result<()> {
        let mut state = self.state();
        match (text, state.line.take()) {
            ("\r", _) => state.pending.push('\r'),
            (line, None) => state.line = Some(line.to_owned()),
            (blanks, Some(line)) => state.end_line(&line, !blanks.is_empty(), self.colour),
        }
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.state().pending.push_str("\r\u{1b}[2K");
        Ok(())
    }

    /// What was drawn before and is longer goes.
    fn flush(&self) -> io::Result<()> {
        let mut state = self.state();
        let text = std::mem::take(&mut state.pending);
        state.into.write_all(format!("{text}\u{1b}[J").as_bytes())?;
        state.into.flush()
    }
}

impl State {
    fn end_line(&mut self, line: &str, has_room: bool, colour: bool) {
        let turn = if self.drawn.is_empty() { "" } else { "\n" };
        self.drawn.push(line.chars().count());
        let line = if colour { paint(line) } else { line.to_owned() };
        // On a line that is full this would take its last letter.
        let rest = if has_room { "\u{1b}[K" } else { "" };
        self.pending.push_str(&format!("{turn}{line}{rest}"));
    }
}
