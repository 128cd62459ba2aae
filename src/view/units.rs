//! Durations, callers and values, as people write them.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::cluster::{Caller, Timestamp};
use crate::resource::kubernetes::Address;
use crate::resource::{Key, Type};

/// `0.4s`, `41s`, `9m40s`, `1h02m`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1}s", duration.as_secs_f64()),
        10..60 => format!("{seconds}s"),
        60..3600 if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

/// `about 13 minutes`, or seconds where that says more.
pub fn about(duration: Duration) -> String {
    match duration.as_secs().div_ceil(60) {
        0 | 1 if duration.as_secs() <= 1 => "1 second".to_owned(),
        0 | 1 => format!("{} seconds", duration.as_secs()),
        minutes => format!("{minutes} minutes"),
    }
}

/// The same in few letters, rounded up: `42s`, `13m`, `1h05m`.
pub fn rough(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..120 => self::duration(Duration::from_secs(seconds.max(1))),
        seconds => self::duration(Duration::from_secs(seconds.div_ceil(60) * 60)),
    }
}

/// A moment in UTC, to the second.
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// How long ago, in the largest unit that fits: `3d`, `4h`, `12m`.
pub fn age(age: Duration) -> String {
    match age.as_secs() {
        seconds @ 0..120 => format!("{seconds}s"),
        seconds @ 120..7_200 => format!("{}m", seconds / 60),
        seconds @ 7_200..172_800 => format!("{}h", seconds / 3_600),
        seconds => format!("{}d", seconds / 86_400),
    }
}

/// `account 123456789012 as role/deploy`.
pub fn caller(caller: &Caller) -> String {
    // Where AWS is left out, there is no account, and the place is said instead.
    if caller.account.is_empty() {
        return caller.arn.clone();
    }
    let resource = caller.arn.splitn(6, ':').nth(5).unwrap_or("unknown");
    let mut parts = resource.split('/');
    let name = match (parts.next(), parts.next()) {
        (Some("assumed-role"), Some(role)) => format!("role/{role}"),
        _ => resource.to_owned(),
    };
    format!("account {} as {name}", caller.account)
}

/// A path; below that home, as people and shells write it: `~/.kube/config`.
pub fn path(path: &Path, home: Option<&Path>) -> String {
    // Where the home is everything, there is nothing to shorten.
    let home = home.filter(|home| home.parent().is_some());
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(below) if !below.as_os_str().is_empty() => format!("~/{}", below.display()),
        Some(_) | None => path.display().to_string(),
    }
}

/// A resource as people call it: a node group and an object in the cluster by its kind and name.
pub fn named(key: &Key) -> String {
    match Address::of(key) {
        Some(address) => address.to_string(),
        None if key.kind == Type::Nodegroup => format!("{} {}", key.kind.word(), key.name),
        None => key.to_string(),
    }
}

/// A value without the noise of JSON.
pub fn value(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        // One line stays one line.
        Value::String(text) if text.contains('\n') => count(text.lines().count(), "line"),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => match map.get("Fn::GetAtt").and_then(Value::as_array).map(Vec::as_slice) {
            Some([key, attribute]) => format!("{} of {}", self::value(attribute), self::value(key)),
            _ => {
                let told = map.iter().filter(|(_, value)| !value.is_null());
                let told = told.map(|(name, value)| format!("{name}: {}", self::value(value)));
                format!("{{{}}}", told.collect::<Vec<_>>().join(", "))
            }
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// `1 subnet`, `3 subnets`.
pub fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[test]
fn durations_read_as_people_say_them() {
    let told = [0, 400, 41_000, 60_000, 580_000, 3_720_000].map(|ms| duration(Duration::from_millis(ms)));
    assert_eq!(told, ["0.0s", "0.4s", "41s", "1m", "9m40s", "1h02m"]);
    assert_eq!(about(Duration::from_secs(730)), "13 minutes");
    assert_eq!(about(Duration::from_secs(42)), "42 seconds");
}

#[test]
fn a_caller_is_who_acts_and_not_the_session() {
    let of = |arn: &str| caller(&Caller { account: "1".to_owned(), arn: arn.to_owned() });
    assert_eq!(of("arn:aws:sts::1:assumed-role/deploy/ci-17"), "account 1 as role/deploy");
    assert_eq!(of("arn:aws:iam::1:user/team/dev"), "account 1 as user/team/dev");
    assert_eq!(of("arn:aws:iam::1:root"), "account 1 as root");
}

#[test]
fn a_path_below_the_home_is_shown_from_there() {
    let of = |it: &str, home: Option<&str>| path(Path::new(it), home.map(Path::new));
    assert_eq!(of("/home/me/.kube/config", Some("/home/me")), "~/.kube/config");
    assert_eq!(of("/home/me/.kube/config", Some("/home/me/")), "~/.kube/config");
    assert_eq!(of("/home/meg/.kube/config", Some("/home/me")), "/home/meg/.kube/config");
    assert_eq!(of("mine", Some("/home/me")), "mine");
    assert_eq!(of("/home/me", Some("/home/me")), "/home/me");
    assert_eq!(of("/.kube/config", Some("/")), "/.kube/config");
    assert_eq!(of("/.kube/config", Some("")), "/.kube/config");
    assert_eq!(of("/.kube/config", None), "/.kube/config");
}
