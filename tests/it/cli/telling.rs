//! Events for programs, and the end that a signal brings about.

use serde_json::{Value, json};

use super::files::DEFAULT;
use super::shell::Shell;

/// All lines: each an object, numbered without gaps, versioned, the last one whole.
#[track_caller]
fn events(text: &str) -> Vec<Value> {
    assert!(text.ends_with('\n'), "{text}");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (number, line) in lines.iter().enumerate() {
        assert_eq!((&line["seq"], &line["apiVersion"]), (&json!(number + 1), &json!("eksact.dev/v1alpha1")));
    }
    lines
}

fn kinds<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["kind"] == kind).collect()
}

#[test]
fn a_file_of_events_says_all_that_was_planned_and_done() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let answer = it.eksact("apply -f cluster.yaml --events run.ndjson -o json").exits(0).json();
    let events = events(&it.read("run.ndjson"));
    let plan = &events[0];
    assert_eq!((&plan["kind"], &plan["account"]), (&json!("Plan"), &json!(it.account.number)));
    let changes = plan["changes"].as_array().unwrap();
    let mut planned: Vec<&str> = Vec::new();
    for change in changes {
        planned.extend(change["calls"].as_array().unwrap().iter().filter_map(Value::as_str));
    }
    let mut told: Vec<&str> =
        kinds(&events, "CallSent").iter().filter_map(|event| event["call"].as_str()).collect();
    planned.sort();
    told.sort();
    assert_eq!(
        (&told, it.sent().iter().map(String::as_str).collect::<Vec<_>>()),
        (&planned, planned.clone())
    );
    assert_eq!(kinds(&events, "ChangeDone").len(), changes.len());
    let mut last = events.last().unwrap().clone();
    let last = last.as_object_mut().unwrap();
    assert_eq!(last.remove("exitCode"), Some(json!(0)));
    ["seq", "time"].iter().for_each(|name| _ = last.remove(*name));
    assert_eq!(Value::Object(last.clone()), answer);
    it.eksact("apply -f cluster.yaml --events again.ndjson").exits(0).says("No changes");
    let again = self::events(&it.read("again.ndjson"));
    assert_eq!((again.len(), &again[0]["kind"], &again[0]["done"]), (1, &json!("Summary"), &json!(0)));
    it.eksact("delete cluster -f cluster.yaml --yes --events gone.ndjson").exits(0);
    let gone = self::events(&it.read("gone.ndjson"));
    assert_eq!(gone.last().unwrap()["gone"], true);
}

#[test]
fn scaling_is_told_as_one_change() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    let scale = "scale nodegroup --cluster demo ng1 --nodes 3 --nodes-max 3 --region us-west-2";
    let run = it.eksact(&format!("{scale} --events -")).exits(0);
    let head = format!("demo - us-west-2 - account {} as user/dev\n~ nodegroup ng1    ", it.account.number);
    let head =
        run.err.split_once(&format!("{head}2 nodes (2 to 2) -> 3 nodes (2 to 3); about ")).map(|it| it.1);
    let lines: Vec<&str> = head.unwrap_or_else(|| panic!("{}", run.err)).lines().collect();
    let changed = lines.iter().filter(|line| line.contains("Z changed  nodegroup/ng1 ")).count();
    assert_eq!(changed, 1, "{}", run.err);
    let told = events(&run.out);
    let sent = kinds(&told, "CallSent");
    assert_eq!(sent.iter().map(|it| &it["call"]).collect::<Vec<_>>(), ["eks:UpdateNodegroupConfig"]);
    assert_eq!((&told[0]["kind"], &told[0]["key"]), (&json!("ChangeStarted"), &json!("nodegroup/ng1")));
    assert_eq!(kinds(&told, "ChangeDone").len(), 1);
    let last = told.last().unwrap();
    let size = &last["after"]["desired"];
    assert_eq!((&last["kind"], size, &last["exitCode"]), (&json!("Scaled"), &json!(3), &json!(0)));

    // Whoever may scale need not be told who he is.
    it.account.faults(json!([{ "operation": "GetCallerIdentity", "kind": "deny" }]));
    it.eksact(&scale.replace("nodes 3", "nodes 2")).exits(0).says("caller not known: ");
    it.account.faults(json!([]));

    it.account.fail(json!({ "what": "nodegroup-update", "code": "NodeCreationFailure" }));
    it.eksact(&format!("{} --events run.ndjson", scale.replace('3', "4"))).exits(1);
    let told = events(&it.read("run.ndjson"));
    assert_eq!(kinds(&told, "ChangeFailed")[0]["troubles"][0]["code"], "NodeCreationFailure");
    assert_eq!((&told.last().unwrap()["kind"], kinds(&told, "ChangeDone").len()), (&json!("Error"), 0));
}

#[test]
fn on_stdout_there_is_nothing_but_events() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let run =
        it.eksact("apply -f cluster.yaml --events -").exits(0).says("new cluster").says("demo is ready");
    let told = events(&run.out);
    assert_eq!(told.last().unwrap()["kind"], "Summary");
    let refused = it.eksact("apply -f none.yaml --events -").exits(3);
    let told = events(&refused.out);
    assert_eq!((&told[0]["kind"], &told[0]["exitCode"]), (&json!("Error"), &json!(3)));
    it.eksact("delete cluster -f cluster.yaml --yes --events -").exits(0);
}

#[test]
fn what_cannot_be_told_is_not_done() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml --events none/run.ndjson").exits(3).says("cannot write none/run.ndjson");
    it.eksact("apply -f cluster.yaml --events - -o json").exits(3).says("both want stdout");
    assert!(it.account.calls().is_empty());
}

/// As on a disk that is full.
#[test]
fn what_is_lost_is_no_success() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact_onto("/dev/full", "plan -f cluster.yaml -o json").exits(1).says("stdout cannot be written: ");
    let changes = "plan -f cluster.yaml -o json --detailed-exitcode";
    it.eksact_onto("/dev/full", changes).exits(1).says("stdout cannot be written: ");
    it.eksact("apply -f cluster.yaml --events /dev/full").exits(4).says("the events cannot be written: ");
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0);
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
}

#[test]
fn a_failure_is_told_with_its_code_and_request() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.faults(json!([{ "operation": "CreateCluster", "kind": "deny" }]));
    it.eksact("apply -f cluster.yaml --skip-preflight --events run.ndjson").exits(4);
    let events = events(&it.read("run.ndjson"));
    let failed = kinds(&events, "ChangeFailed");
    assert_eq!((failed.len(), &failed[0]["key"]), (1, &json!("cluster/demo")));
    let error = &failed[0]["error"];
    assert_eq!(
        (&error["code"], &error["call"]),
        (&json!("AccessDeniedException"), &json!("eks:CreateCluster"))
    );
    assert!(error["requestId"].is_string(), "{error}");
    let skipped = kinds(&events, "ChangeSkipped");
    assert!(!skipped.is_empty() && skipped.iter().all(|event| event["because"] == "cluster/demo"));
    assert_eq!(events.last().unwrap()["exitCode"], 4);
    it.account.faults(json!([]));
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
}

#[test]
fn sigterm_ends_in_good_order_with_a_whole_last_line() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let before = it.account.inventory();
    it.account.settings(json!({ "factor": 20 }));
    let mut run = it.start("apply -f cluster.yaml --events run.ndjson");
    run.until_it_says("waiting  cluster/demo");
    run.signal("TERM");
    let (code, said) = run.end();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("AWS is still at it: ") && said.contains("cluster/demo"), "{said}");
    let events = events(&it.read("run.ndjson"));
    assert_eq!(kinds(&events, "Stopping")[0]["signal"], "SIGTERM");
    let last = events.last().unwrap();
    assert_eq!((&last["kind"], &last["exitCode"]), (&json!("Summary"), &json!(130)));
    assert!(last["left"].as_array().unwrap().contains(&json!("cluster/demo")), "{last}");
    // Who goes on is told since when AWS is at it, and how long that usually takes.
    let planned = it.eksact("plan -f cluster.yaml -o json").exits(0).json();
    assert!(planned["floorSeconds"].as_u64().unwrap() > 600, "{planned}");
    let mut run = it.start("apply -f cluster.yaml --events again.ndjson");
    run.until_it_says("waiting  cluster/demo CREATING");
    run.signal("TERM");
    run.end();
    let events = self::events(&it.read("again.ndjson"));
    let waiting = kinds(&events, "ChangeWaiting");
    let waiting = waiting.iter().find(|event| event["key"] == "cluster/demo").unwrap();
    assert!(waiting["usualSeconds"].as_u64().unwrap() > 400, "{waiting}");
    assert!(waiting["since"].as_str().unwrap() < events[0]["time"].as_str().unwrap(), "{waiting}");
    it.account.settings(json!({ "factor": 5000 }));
    it.colleague("OTHER").eksact("delete cluster --name demo --region us-west-2 --yes").exits(0);
    assert_eq!(it.account.inventory(), before);
}

/// A call that nobody answers is one request, and would be waited for; but whoever sends SIGTERM does not wait.
#[test]
fn a_call_that_is_not_answered_in_time_is_named() {
    for (first, second) in [("TERM", None), ("INT", Some("INT"))] {
        let it = Shell::new();
        it.file("cluster.yaml", DEFAULT);
        it.account.faults(json!([{ "operation": "CreateCluster", "kind": "delay", "ms": 86_400_000 }]));
        let mut run = it.start("apply -f cluster.yaml --events run.ndjson");
        run.until_seen(&it.account, 1);
        run.signal(first);
        run.until_it_says("stopping:");
        second.iter().for_each(|signal| run.signal(signal));
        let (code, said) = run.end();
        assert_eq!(code, Some(130), "{said}");
        assert!(said.contains("doubt  eks:CreateCluster for cluster/demo"), "{said}");
        let events = events(&it.read("run.ndjson"));
        assert_eq!(events.last().unwrap()["exitCode"], 130);
        let of = |kind| kinds(&events, kind).into_iter().map(|event| event["change"].clone());
        let ended: Vec<Value> =
            ["ChangeDone", "ChangeFailed", "ChangeSkipped"].into_iter().flat_map(of).collect();
        assert!(of("ChangeStarted").all(|change| ended.contains(&change)), "{events:#?}");
        assert_eq!(ended.len(), events[0]["changes"].as_array().unwrap().len(), "each has one end");
        it.account.faults(json!([]));
        it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
        assert_eq!(it.account.inventory(), [""; 0]);
    }
}

#[test]
fn before_anything_is_done_a_signal_ends_it_at_once() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.faults(json!([{ "operation": "DescribeVpcs", "kind": "delay", "ms": 86_400_000 }]));
    let mut run = it.start("apply -f cluster.yaml --events run.ndjson");
    run.until_seen(&it.account, 1);
    run.signal("TERM");
    let (code, said) = run.end();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("error: interrupted\n  hint: nothing was changed"), "{said}");
    let last = events(&it.read("run.ndjson")).pop().unwrap();
    assert_eq!((&last["kind"], &last["exitCode"]), (&json!("Error"), &json!(130)));
    it.nothing_sent();
}

#[test]
fn a_size_that_aws_was_asked_for_is_set_whoever_stops_to_wait_for_it() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.account.settings(json!({ "factor": 1 }));
    let scale = "scale nodegroup --cluster demo ng1 --nodes 3 --nodes-max 3 --region us-west-2";
    let mut run = it.start(scale);
    while !run.said().contains("waiting  nodegroup/ng1 InProgress") && run.is_running() {}
    let (code, said) = run.interrupt();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("error: interrupted\n  hint: what AWS was asked for goes on there; "), "{said}");
    it.account.settings(json!({ "factor": 5000 }));
    it.eksact(scale).exits(0).says("nodegroup ng1 has 3 nodes (2 to 3) already");
}
