//! What is to be seen on a terminal.

use serde_json::json;

use super::files::DEFAULT;
use super::shell::{Shell, Terminal};

const GROUPS: [&str; 5] = ["network", "identity", "control plane", "add-ons", "nodegroup ng1"];

/// Where the board begins in what is shown.
fn board(frame: &[String]) -> Option<usize> {
    frame.iter().position(|line| line.starts_with("demo · us-west-2 · ") && line.contains(" of about "))
}

#[test]
fn a_run_is_drawn_in_its_place_and_stays_when_it_is_over() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "factor": 300 }));
    let shown = it.on_terminal((80, 40), &[], "apply -f cluster.yaml").exits(0);
    let frames = shown.frames();
    let boards: Vec<(usize, &Vec<String>)> =
        frames.iter().filter_map(|frame| board(frame).map(|at| (at, frame))).collect();
    assert!(boards.len() > 10, "it is alive: {}", boards.len());
    for (at, frame) in &boards {
        assert_eq!(*at, boards[0].0, "it keeps its place:\n{}", frame.join("\n"));
        for (line, group) in frame[at + 1..].iter().zip(GROUPS) {
            assert!(
                line[1..].trim_start_matches(|c: char| !c.is_ascii()).trim_start().starts_with(group),
                "{line}"
            );
        }
        assert!(frame.iter().all(|line| line.chars().count() <= 80), "{}", frame.join("\n"));
    }
    assert!(boards.iter().any(|(_, frame)| frame.join("\n").contains("creating, ")));
    let text = shown.text();
    for group in GROUPS {
        assert_eq!(text.matches(&format!(" ✓ {group}")).count(), 1, "{text}");
    }
    assert!(text.contains("demo is ready") && shown.is_coloured(), "{text}");
    it.account.settings(json!({ "factor": 5000 }));
    let plain = it.on_terminal_with(&[("NO_COLOR", "1")], "delete cluster -f cluster.yaml --yes").exits(0);
    assert!(!plain.is_coloured() && plain.text().contains(" ✓ network"), "{}", plain.text());
}

#[test]
fn where_nothing_can_be_drawn_there_are_lines() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let dumb = it.on_terminal_with(&[("TERM", "dumb")], "apply -f cluster.yaml").exits(0).text();
    assert!(dumb.contains("Z created  cluster/demo") && !dumb.contains("✓"), "{dumb}");
    let ascii =
        it.on_terminal_with(&[("LC_ALL", "C")], "delete cluster -f cluster.yaml --yes").exits(0).text();
    assert!(ascii.is_ascii() && ascii.contains(" ok network"), "{ascii}");
}

#[test]
fn ctrl_c_once_stops_in_good_order() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "factor": 20 }));
    // The comma comes once AWS has accepted it.
    let keys = [("control plane    creating, ", "\\x03")];
    let shown = it.on_terminal((80, 40), &keys, "apply -f cluster.yaml").exits(130);
    let text = shown.text();
    assert_eq!(text.matches("stopping: calls under way").count(), 1, "{text}");
    assert!(text.contains("AWS is still at it: ") && text.contains("next"), "{text}");
    let stopping = text.find("stopping:").unwrap();
    assert!(
        stopping < text.find(" · control plane    stopped; AWS is still at it").unwrap(),
        "it stands above what is drawn:\n{text}"
    );
    it.account.settings(json!({ "factor": 5000 }));
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
}

/// Whoever stops a creation is told what stands, what AWS goes on with, what that costs, and how both ends are reached.
#[test]
fn ctrl_c_during_a_creation_leaves_an_account_of_it() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "factor": 20 }));
    let keys = [("control plane    creating, ", "\\x03")];
    let shown = it.on_terminal((100, 40), &keys, "create cluster -f cluster.yaml").exits(130);
    let text = shown.text();
    let told =
        text.split_once("demo is not finished: the run was stopped\n").unwrap_or_else(|| panic!("{text}")).1;
    let lines: Vec<(&str, &str)> = told.lines().map(|line| line.split_at(line.len().min(9))).collect();
    let all = |word: &str| {
        let told = lines.iter().filter(|(first, _)| first.trim() == word).map(|(_, rest)| *rest);
        told.collect::<Vec<_>>().join("; ")
    };
    let done = text.matches(" of 23; ").count();
    assert!(done == 1 && all("done").ends_with("not begun: the run was stopped"), "{text}");
    assert!(all("left").contains("AWS is still at it: ") && all("left").contains("cluster/demo"), "{text}");
    assert!(all("left").contains("what is there costs $0."), "{text}");
    assert!(all("took").contains("floor "), "{text}");
    assert!(all("next").starts_with("eksact create cluster -f cluster.yaml   goes on from here"), "{text}");
    assert!(told.contains("eksact delete cluster -f cluster.yaml   takes everything away"), "{text}");
    it.account.settings(json!({ "factor": 5000 }));
    // What it says is so.
    it.eksact("create cluster -f cluster.yaml").exits(0).says("demo is as its file says");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn ctrl_c_while_aws_is_being_asked_for_the_cluster_says_that_aws_is_at_it() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "factor": 20 }));
    it.account.faults(json!({ "operation": "CreateCluster", "kind": "delay", "ms": 3000 }));
    let keys = [("control plane    creating", "\\x03")];
    let text = it.on_terminal((80, 40), &keys, "apply -f cluster.yaml").exits(130).text();
    assert!(text.contains(" · control plane    stopped; AWS is still at it"), "{text}");
    let left = text.lines().find(|line| line.contains("left   AWS is still at it")).unwrap();
    assert!(left.contains("cluster/demo"), "{text}");
}

/// Without what differs from run to run: accounts, durations, and how far things stand apart.
fn timeless(it: &Shell, lines: &[String]) -> String {
    let is_time =
        |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(['s', 'm', 'h']);
    let word = |word: &str| match word.trim_end_matches([',', ';', '.']) {
        time if is_time(time) => word.replace(time, "…"),
        _ => word.replace(&it.account.number, "123456789012"),
    };
    let line = |line: &String| line.split_whitespace().map(word).collect::<Vec<_>>().join(" ");
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The boards that were shown, of one line each.
fn boards(shown: &Terminal) -> Vec<String> {
    let frames = shown.frames();
    let boards: Vec<&[String]> = frames.iter().filter_map(|frame| Some(&frame[board(frame)?..])).collect();
    for board in &boards {
        let rows = board[1..].iter().take_while(|line| line.starts_with(' ')).count();
        assert!(rows <= 1, "{}", board.join("\n"));
    }
    boards.iter().map(|board| board.join("\n")).collect()
}

#[test]
fn a_node_group_is_scaled_on_a_board_of_one_line() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.account.settings(json!({ "factor": 20 }));
    let line = "scale nodegroup ng1 --cluster demo --nodes 3 --nodes-max 4 --region us-west-2";
    let shown = it.on_terminal((80, 40), &[], line).exits(0);
    let boards = boards(&shown);
    assert!(boards.iter().any(|board| board.contains("changing, ")), "{}", boards.join("\n\n"));
    insta::assert_snapshot!(timeless(&it, &shown.lines()));

    it.account.settings(json!({ "nodes": { "ng1": "never-ready" } }));
    let line = "scale nodegroup ng1 --cluster demo --nodes 4 --region us-west-2 --timeout 9s";
    let boards = self::boards(&it.on_terminal((80, 40), &[], line).exits(4));
    let awaited =
        |board: &String| board.contains("0 of 4 nodes Ready, ") && board.contains(" of about 1m50s");
    assert!(boards.iter().any(awaited), "{}", boards.join("\n\n"));
    it.account.settings(json!({ "factor": 5000 }));
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
}

#[test]
fn a_deletion_is_done_once_the_name_is_typed_and_not_before() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.sent();
    let line = "delete cluster -f cluster.yaml";
    for (keys, code) in [("no\\r", 1), ("\\x03", 130)] {
        let shown = it.on_terminal((80, 40), &[("Type the cluster's name", keys)], line).exits(code);
        assert!(shown.text().contains("account"), "{}", shown.text());
        let next = if code == 1 { "type demo, or add --yes" } else { "hint: nothing was changed" };
        assert!(shown.text().contains(next), "{}", shown.text());
        assert!(shown.lines().iter().any(|line| line.starts_with("error: ")), "{}", shown.text());
        it.nothing_sent();
    }
    let shown = it.on_terminal((80, 40), &[("Type the cluster's name", "demo\\r")], line).exits(0);
    assert!(shown.text().contains("demo is gone"), "{}", shown.text());
    assert_eq!(it.account.inventory(), [""; 0]);
}

/// What stays above the board is never lost, nor drawn over, where there is room for three lines of it.
#[test]
fn on_a_low_terminal_there_is_the_head_and_what_is_last() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "factor": 300 }));
    it.account.faults(json!({ "operation": "CreateNodegroup", "kind": "close-after", "nth": 1 }));
    let shown = it.on_terminal((80, 4), &[], "apply -f cluster.yaml").exits(0);
    let frames = shown.frames();
    let boards: Vec<&Vec<String>> = frames.iter().filter(|frame| board(frame) == Some(0)).collect();
    assert!(boards.len() > 5, "it is alive: {}", boards.len());
    for frame in boards {
        let names: Vec<bool> = frame[1..3].iter().map(|line| line.is_empty()).collect();
        assert!(frame.len() == 4 && names == [false, false] && frame[3].is_empty(), "{}", frame.join("\n"));
        assert!(frame[1].contains("add-ons") && frame[2].contains("nodegroup ng1"), "{}", frame.join("\n"));
    }
    let text = shown.text();
    assert_eq!(text.matches("? nodegroup/ng1: ").count(), 1, "{text}");
    assert_eq!(text.matches("looking what has become of it").count(), 1, "{text}");
    assert!(text.contains("demo is ready"), "{text}");
}

/// What was drawn for a wide terminal is not left behind on a narrow one.
#[test]
fn a_terminal_may_be_made_narrower_meanwhile() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "factor": 200 }));
    let resized = ("control plane    creating", 44);
    let shown = it.on_terminal_resized(resized, "apply -f cluster.yaml").exits(0);
    let frames = shown.frames();
    let last = frames.iter().rev().find(|frame| frame.iter().any(|line| line.contains(" of about ")));
    let narrow = last.unwrap().iter().filter(|line| line.contains(" of about ")).collect::<Vec<_>>();
    assert_eq!(narrow.len(), 1, "{}", last.unwrap().join("\n"));
    assert!(narrow[0].starts_with("demo ") && narrow[0].chars().count() <= 44, "{narrow:?}");
    it.account.settings(json!({ "factor": 5000 }));
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
}
