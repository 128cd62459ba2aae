//! The live view: the board, drawn again in its place, and above it what stays.

use std::fmt;
use std::io::Write;

pub use super::board::{Board, Head};
use super::style::{Look, paint};
use crate::cluster::Timestamp;
use crate::ops::Happened;
use crate::resource::Key;

/// Columns and rows of a terminal. They are asked for each time: people change them.
pub type Size = fn() -> (usize, usize);

/// A board on a terminal.
pub struct Live {
    board: Board,
    look: Look,
    colour: bool,
    size: Size,
    into: Box<dyn Write + Send>,
    /// How wide the lines are that were drawn last.
    drawn: Vec<usize>,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("board", &self.board).finish_non_exhaustive()
    }
}

impl Live {
    /// On a terminal of this size that takes what is written as it is; in colour, or without.
    pub fn new(board: Board, look: Look, colour: bool, size: Size, into: Box<dyn Write + Send>) -> Self {
        Self { board, look, colour, size, into, drawn: Vec::new() }
    }

    /// One thing that happened.
    pub fn happened(&mut self, happened: &Happened) {
        if let Some(text) = self.board.see(happened) {
            self.note(&text, happened.at());
        }
    }

    /// Something that stays above it.
    pub fn note(&mut self, text: &str, now: Timestamp) {
        let look = Look { columns: Some((self.size)().0), ..self.look };
        let lines = look.lines(text);
        self.draw(&lines, now);
    }

    /// Draws it as it is now.
    pub fn tick(&mut self, now: Timestamp) {
        self.draw(&[], now);
    }

    /// Draws it for the last time: so it stays. AWS may still be at these.
    pub fn end(mut self, left: &[Key], now: Timestamp) {
        self.board.end(left);
        self.draw(&[], now);
    }

    /// In one piece, so that nothing flickers: back to where it was drawn, what stays, and the board.
    fn draw(&mut self, above: &[String], now: Timestamp) {
        let (columns, rows) = (self.size)();
        // A terminal that is made narrower has wrapped what was drawn.
        let up: usize = self.drawn.iter().map(|width| width.div_ceil(columns.max(1)).max(1)).sum();
        let mut text = if up == 0 { "\r".to_owned() } else { format!("\r\u{1b}[{up}A") };
        // One that is written to its last column may wrap too.
        let board = self.board.lines(now, columns.saturating_sub(1).max(1), self.look.unicode);
        let board = tall(board, rows);
        for line in above.iter().chain(&board) {
            let line = if self.colour { paint(line) } else { line.clone() };
            text.push_str(&format!("{line}\u{1b}[K\n"));
        }
        text.push_str("\u{1b}[J");
        self.drawn = board.iter().map(|line| line.chars().count()).collect();
        // Whoever looked at it may have gone: that is no failure of ours.
        _ = self.into.write_all(text.as_bytes()).and_then(|()| self.into.flush());
    }
}

/// What fits on a low terminal: the head, and the last lines.
fn tall(mut lines: Vec<String>, rows: usize) -> Vec<String> {
    let over = lines.len().saturating_sub(rows.saturating_sub(1).max(1));
    if over > 0 {
        lines.drain(1..=over.min(lines.len() - 1));
    }
    lines
}

#[test]
fn a_low_terminal_shows_the_head_and_the_end() {
    let lines = |rows| tall(["head", "a", "b", "c"].map(str::to_owned).to_vec(), rows);
    assert_eq!(lines(4), ["head", "b", "c"]);
    assert_eq!(lines(5), ["head", "a", "b", "c"]);
    assert_eq!(lines(1), ["head"]);
}
