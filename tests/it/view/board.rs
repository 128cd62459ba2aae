//! The live view: one line for each group, which stays where it is.

use eksact::apply::{Event, Halt, What};
use eksact::cluster::Timestamp;
use eksact::ops::{Happened, Seen, Sight};
use eksact::resource::Key;
use eksact::view::live::{Board, Head};
use insta::assert_snapshot;
use proptest::prelude::*;

use super::run::Run;
use crate::engine::demo::Demo;
use crate::engine::desk::{Goal, account, living};

pub fn board(run: &Run, inside: bool) -> Board {
    let head = Head {
        cluster: "demo".to_owned(),
        region: "us-west-2".to_owned(),
        account: "123456789012".to_owned(),
    };
    Board::new(head, &run.plan, inside, run.began)
}

/// The board of a run as it was at a moment.
fn frame(run: &Run, inside: bool, at: Timestamp) -> Board {
    let mut board = board(run, inside);
    run.happened.iter().filter(|it| it.at() <= at).for_each(|it| _ = board.see(it));
    board
}

fn frames(run: &Run, inside: bool, seconds: &[i64], columns: usize, unicode: bool) -> String {
    let at = |seconds: &i64| {
        let at = run.at(*seconds);
        frame(run, inside, at).lines(at, columns, unicode).join("\n")
    };
    seconds.iter().map(at).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn a_cluster_is_made() {
    let run = Run::made().seen();
    assert_snapshot!(frames(&run, true, &[0, 3, 60, 241, 600, 624, 730, 742, 760], 79, true));
}

#[test]
fn without_kubernetes_on_a_narrow_terminal_without_other_letters() {
    assert_snapshot!(frames(&Run::made(), false, &[0, 241, 800], 49, false));
}

#[test]
fn a_cluster_is_deleted() {
    let run = Run::on(&living(), &Goal::Nothing);
    assert_snapshot!(frames(&run, false, &[0, 120, 300, 900], 79, true));
}

#[test]
fn what_fails_is_told_above_and_what_needs_it_is_not_begun() {
    let sim = account();
    sim.failing(Some(eksact::resource::Type::Cluster));
    let run = Run::on(&sim, &Goal::Graph(Demo::default().graph()));
    let mut board = board(&run, false);
    let above: Vec<String> = run.happened.iter().filter_map(|it| board.see(it)).collect();
    board.end(&[]);
    assert_snapshot!(format!("{}\n\n{}", above.join("\n"), board.lines(run.end(), 79, true).join("\n")));
}

#[test]
fn a_run_that_is_over_turns_no_more() {
    let run = Run::made();
    let mut board = frame(&run, false, run.at(241));
    board.end(&[]);
    let lines = |at| board.lines(run.at(at), 79, true)[1..].iter().map(|line| line[..4].to_owned()).collect();
    let (one, other): (Vec<String>, Vec<String>) = (lines(241), lines(242));
    assert_eq!(one, other);
}

/// Events do not tell that AWS has accepted a call that nobody looks after any more: what came of the run does.
#[test]
fn what_was_accepted_and_not_looked_after_is_still_under_way() {
    let run = Run::made();
    let is = |it: &Happened| matches!(it, Happened::Change(event) if event.key.to_string() == "cluster/demo");
    let began = run.happened.iter().position(is).unwrap();
    let Happened::Change(event) = &run.happened[began] else { unreachable!() };
    let stopped = Event { what: What::Failed(Halt::Stopped.into()), ..event.clone() };
    let line = |left: &[Key]| {
        let mut board = board(&run, false);
        run.happened[..=began].iter().for_each(|it| _ = board.see(it));
        board.see(&Happened::Change(stopped.clone()));
        board.end(left);
        let lines = board.lines(event.at, 79, true);
        lines.into_iter().find(|line| line.contains("control plane ")).unwrap()
    };
    assert_eq!(line(std::slice::from_ref(&event.key)), " · control plane    stopped; AWS is still at it");
    assert_eq!(line(&[]), " · control plane    stopped; 0 of 1 done");
}

/// Those of a group that nothing is done to have no line of their own.
#[test]
fn nodes_that_are_waited_for_alone_are_told_with_what_is_inside() {
    let run = Run::on(&account(), &Goal::Nothing);
    let mut board = board(&run, true);
    let line = |board: &Board, at| board.lines(run.at(at), 79, true).last().unwrap()[4..].trim().to_owned();
    let see = |board: &mut Board, at, what| _ = board.see(&Happened::Seen(Sight { at: run.at(at), what }));
    assert_eq!(line(&board, 0), "kubernetes       after the control plane");
    see(&mut board, 1, Seen::ApiAnswers);
    let (since, usual) = (run.at(1), std::time::Duration::from_secs(110));
    see(&mut board, 1, Seen::Nodes { nodegroup: "ng1".to_owned(), ready: 0, wanted: 2, since, usual });
    assert_eq!(line(&board, 15), "kubernetes       nodegroup ng1: 0 of 2 nodes Ready, 14s of about 1m50s");
    see(&mut board, 20, Seen::NodesReady { nodegroup: "ng1".to_owned(), nodes: 2 });
    assert_eq!(line(&board, 20), "kubernetes       API server answers");
}

/// At every moment: the same lines in the same order, none of them wider than the terminal.
#[test]
fn nothing_jumps() {
    let run = Run::made().seen();
    let names = |lines: &[String]| -> Vec<String> {
        lines[1..].iter().map(|line| line.chars().skip(3).take(14).collect()).collect()
    };
    let mut board = board(&run, true);
    let first = names(&board.lines(run.began, 79, true));
    for it in &run.happened {
        board.see(it);
        assert_eq!(names(&board.lines(it.at(), 79, true)), first);
    }
    assert!(first.len() >= 5, "{first:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_line_is_wider_than_the_terminal(columns in 1usize..140, part in 0.0f64..1.0, unicode: bool) {
        thread_local!(static RUN: Run = Run::made().seen());
        RUN.with(|run| {
            let number = (run.happened.len() as f64 * part) as usize;
            let mut board = board(run, true);
            run.happened[..number].iter().for_each(|it| _ = board.see(it));
            let now = run.happened.get(number).map_or(run.end(), Happened::at);
            for line in board.lines(now, columns, unicode) {
                assert!(line.chars().count() <= columns, "{columns}: {line}");
                assert!(unicode || line.is_ascii(), "{line}");
            }
        });
    }
}
