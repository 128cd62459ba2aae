//! What is written to a terminal while a board is drawn on it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use eksact::view::live::Live;
use eksact::view::style::Look;

use super::board::board;
use super::run::Run;

/// A terminal that keeps what is written, one write after the other.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<String>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(String::from_utf8(bytes.to_vec()).unwrap());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Written {
    /// What was written since it was last asked.
    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn live(run: &Run, size: fn() -> (usize, usize)) -> (Live, Written) {
    let (written, look) = (Written::default(), Look { columns: Some(80), unicode: true });
    (Live::new(board(run, false), look, false, size, Box::new(written.clone())), written)
}

/// What flickers is gone for a moment, or comes in pieces.
#[test]
fn a_board_is_written_over_the_last_one_in_one_piece() {
    let run = Run::made();
    let (mut live, written) = live(&run, || (80, 24));
    live.tick(run.at(0));
    let first = written.taken();
    assert!(first.len() == 1 && first[0].starts_with("\rdemo · us-west-2 · "), "{first:?}");
    // The head, six lines, and the one on which the cursor stands.
    let again = "\u{1b}[7A\rdemo · us-west-2 · ";
    live.tick(run.at(1));
    let second = written.taken();
    assert!(second.len() == 1 && second[0].starts_with(again), "{second:?}");
    live.note("error: nodegroup/ng1: no", run.at(2));
    let noted = written.taken();
    assert!(noted.len() == 2 && noted[0].starts_with(again), "{noted:?}");
    let above = "\u{1b}[7A\rerror: nodegroup/ng1: no\u{1b}[K\ndemo · us-west-2 · ";
    assert!(noted[1].starts_with(above), "{noted:?}");
    live.end(&[], run.at(3));
    let last = written.taken();
    assert!(last.iter().all(|it| it.starts_with(again) && it.ends_with("\n\u{1b}[K\u{1b}[J")), "{last:?}");
    for piece in [first, second, noted, last].concat() {
        assert_eq!(
            (piece.matches('\n').count() / 7, piece.matches("\u{1b}[2K").count()),
            (1, 0),
            "{piece:?}"
        );
        // Blanks up to the edge would be wrapped by a terminal that is made narrower.
        assert!(!piece.contains(" \u{1b}[K"), "{piece:?}");
    }
}

/// A word that is longer goes over lines, here over whole ones: they are not gone over again.
#[test]
fn on_a_terminal_of_any_width_what_stays_above_is_left_alone() {
    const WORD: &str = "arn:aws:iam::123456789012:role/longs";
    for size in [|| (18, 3), || (36, 3), || (1, 3)] {
        let run = Run::made();
        let (mut live, written) = live(&run, size);
        live.tick(run.at(0));
        live.note(WORD, run.at(0));
        let noted = written.taken().concat();
        live.tick(run.at(1));
        live.end(&[], run.at(2));
        let (all, after) = (format!("{noted}\n"), written.taken());
        assert_eq!(all.matches(&format!("{WORD}\n")).count(), 1, "{all:?}");
        // Above the cursor are the head and the last line.
        assert!(after.iter().all(|piece| piece.starts_with("\u{1b}[2A\r")), "{after:?}");
    }
}
