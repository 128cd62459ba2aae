//! Events for programs, and plain lines: what they say of one run.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use eksact::ops::Happened;
use eksact::view::event::Lines;
use eksact::view::json;
use eksact::view::stream::Stream;
use insta::assert_snapshot;
use serde_json::Value;

use super::run::Run;
use crate::desired::desk::facts;

/// A file that can be looked into.
#[derive(Clone, Default)]
pub struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Written {
    fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        assert!(text.ends_with('\n'), "{text}");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn streamed(run: &Run) -> Vec<Value> {
    let written = Written::default();
    let mut stream = Stream::new(Box::new(written.clone()));
    stream.plan(run.began, "demo", &facts(), &run.plan);
    for it in &run.happened {
        stream.heartbeat(it.at());
        stream.happened(it);
    }
    stream.end(run.end(), &json::summary("demo", &Default::default()), 0);
    stream.happened(&run.happened[0]);
    written.lines()
}

#[test]
fn every_line_is_numbered_and_versioned_and_the_last_is_the_summary() {
    let lines = streamed(&Run::made().seen());
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(line["seq"], number as u64 + 1);
        assert_eq!(line["apiVersion"], "eksact.dev/v1alpha1");
        assert!(line["time"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{line}");
    }
    assert_eq!((&lines[0]["kind"], &lines.last().unwrap()["kind"]), (&"Plan".into(), &"Summary".into()));
    assert_eq!(lines.last().unwrap()["exitCode"], 0);
}

/// Of each change of the plan: one start, its calls in order, one end.
#[test]
fn it_matches_the_plan() {
    let lines = streamed(&Run::made());
    let mut told: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for line in &lines {
        let Some(change) = line["change"].as_u64() else { continue };
        let word = match line["kind"].as_str().unwrap() {
            "CallSent" => line["call"].as_str().unwrap(),
            kind @ ("ChangeStarted" | "ChangeDone") => kind,
            "ChangeWaiting" | "Heartbeat" => continue,
            kind => panic!("{kind}"),
        };
        told.entry(change).or_default().push(word.to_owned());
    }
    for change in lines[0]["changes"].as_array().unwrap() {
        let calls = change["calls"].as_array().unwrap().iter().map(|call| call.as_str().unwrap().to_owned());
        let wanted: Vec<String> =
            ["ChangeStarted".to_owned()].into_iter().chain(calls).chain(["ChangeDone".to_owned()]).collect();
        assert_eq!(told[&change["change"].as_u64().unwrap()], wanted, "{change}");
    }
}

/// One of each kind.
#[test]
fn each_kind_says_what_a_program_needs() {
    let lines = streamed(&Run::made().seen());
    let mut kinds: BTreeMap<String, Value> = BTreeMap::new();
    for mut line in lines {
        if line["kind"] == "Plan" {
            let changes = line["changes"].as_array_mut().unwrap();
            changes.truncate(2);
        }
        line["seq"] = 0.into();
        kinds.entry(line["kind"].as_str().unwrap().to_owned()).or_insert(line);
    }
    let told: Vec<String> = kinds.values().map(Value::to_string).collect();
    assert_snapshot!(told.join("\n"));
}

#[test]
fn plain_lines_tell_waits_again_and_what_is_seen() {
    let run = Run::made().seen();
    let mut lines = Lines::new(false);
    let mut told = Vec::new();
    for it in &run.happened {
        told.extend(lines.heartbeat(it.at()));
        told.extend(lines.line(it));
    }
    let silence = lines.heartbeat(run.at(100_000));
    assert_eq!(silence, [""; 0], "nothing is waited for at the end");
    assert_snapshot!(told.join("\n"));
}

#[test]
fn silence_is_broken_after_half_a_minute() {
    let run = Run::made();
    let mut lines = Lines::new(false);
    run.happened.iter().filter(|it| it.at() <= run.at(200)).for_each(|it| _ = lines.line(it));
    let beat = |lines: &mut Lines, seconds| lines.heartbeat(run.at(seconds));
    assert!(!beat(&mut lines, 231).is_empty());
    assert_eq!(beat(&mut lines, 240), [""; 0]);
    let again = beat(&mut lines, 262);
    assert!(again.iter().any(|line| line.contains("waiting  cluster/demo CREATING")), "{again:?}");
    assert!(matches!(run.happened[0], Happened::Change(_)));
}
