//! The live view: the board, drawn again in its place by `indicatif`, and above it what stays.

use std::fmt;
use std::io::Write;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

pub use super::board::{Board, Head};
use super::style::Look;
use super::surface::Surface;
use crate::cluster::Timestamp;
use crate::ops::Happened;
use crate::resource::Key;

/// Columns and rows of a terminal. They are asked for each time: people change them.
pub type Size = fn() -> (usize, usize);

/// A board on a terminal.
pub struct Live {
    board: Board,
    look: Look,
    size: Size,
    above: MultiProgress,
    drawn: ProgressBar,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("board", &self.board).finish_non_exhaustive()
    }
}

impl Live {
    /// On a terminal of this size that takes what is written as it is; in colour, or without.
    pub fn new(board: Board, look: Look, colour: bool, size: Size, into: Box<dyn Write + Send>) -> Self {
        let surface = Surface::new(size, colour, into);
        let above = MultiProgress::with_draw_target(ProgressDrawTarget::term_like(Box::new(surface)));
        // What is there is written over: what is cleared first would flicker.
        above.set_move_cursor(true);
        // The lines of a board are one bar: so they are drawn as of one moment.
        let drawn = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style =
            ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
        let drawn = above.add(drawn.with_style(style).with_finish(ProgressFinish::Abandon));
        Self { board, look, size, above, drawn }
    }

    /// One thing that happened.
    pub fn happened(&mut self, happened: &Happened) {
        if let Some(text) = self.board.see(happened) {
            self.note(&text, happened.at());
        }
    }

    /// Something that stays above it.
    pub fn note(&mut self, text: &str, now: Timestamp) {
        self.tick(now);
        let look = Look { columns: Some(self.columns()), ..self.look };
        // Whoever looked at it may have gone: that is no failure of ours.
        _ = self.above.println(look.lines(text).join("\n"));
    }

    /// Draws it as it is now.
    pub fn tick(&mut self, now: Timestamp) {
        let lines = tall(self.board.lines(now, self.columns(), self.look.unicode), (self.size)().1);
        // The cursor stands below it: what somebody else writes begins there.
        self.drawn.set_message(format!("{}\n", lines.join("\n")));
    }

    /// Draws it for the last time: so it stays. AWS may still be at these.
    pub fn end(mut self, left: &[Key], now: Timestamp) {
        self.board.end(left);
        self.tick(now);
    }

    /// A terminal that is written to its last column may wrap.
    fn columns(&self) -> usize {
        (self.size)().0.saturating_sub(1).max(1)
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
