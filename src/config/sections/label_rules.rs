//! What must hold of labels and taints.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::{Known, Spanned};
use crate::config::sections::cluster_rules::twice;
use crate::config::sections::nodegroup::ManagedNodeGroup;
use crate::config::value::{Choice, Map, short, unfilled_text};

/// Labels that the kubelet may set itself under Kubernetes' own domains.
const ALLOWED: [&str; 4] =
    ["node.kubernetes.io/", "kubelet.kubernetes.io/", "node.k8s.io/", "kubelet.k8s.io/"];

pub fn reserved_labels(group: &ManagedNodeGroup) -> Vec<Diagnostic> {
    let reserved = |label: &str| {
        let domain = label.split_once('/').map_or("", |(domain, _)| domain);
        let theirs =
            ["kubernetes.io", "k8s.io"].iter().any(|d| domain == *d || domain.ends_with(&format!(".{d}")));
        theirs && !ALLOWED.iter().any(|allowed| label.starts_with(allowed))
    };
    let labels = group.labels.iter().filter(|(label, _)| reserved(label));
    let say = |label: &Spanned<String>| {
        let message = format!("the label `{}` belongs to Kubernetes", label.value);
        Diagnostic::new(Code::ReservedLabel, label.span, message)
            .label("choose a domain of your own")
            .help("the kubelet may set `node.kubernetes.io/…` and `kubelet.kubernetes.io/…` only")
    };
    labels.map(|(label, _)| say(label)).collect()
}

pub fn well_formed_labels(group: &ManagedNodeGroup) -> Vec<Diagnostic> {
    well_formed("labels", &group.labels)
}

/// Of labels that something has, or that it is chosen by.
pub fn well_formed(field: &str, labels: &Map<String>) -> Vec<Diagnostic> {
    let keys = labels.iter().map(|(key, _)| key).filter(|key| !is_key(&key.value));
    let wrong_keys = keys.map(|key| {
        let message = format!("{:?} cannot be the key of a label", key.value);
        let wrong = Diagnostic::new(Code::BadLabel, key.span, message).label(
            "letters, digits, `.`, `_` and `-`, 63 at most, with a domain and `/` before it if you like",
        );
        unfilled_text(&key.value, key.span, &format!("`{field}`"), "a label's key").unwrap_or(wrong)
    });
    let values = labels.iter().filter_map(|(key, value)| Some((key, value.known()?)));
    let wrong_values = values.filter(|(_, value)| !is_value(value));
    wrong_keys
        .chain(wrong_values.map(|(key, value)| bad_value(&key.value, "a label's value", value)))
        .collect()
}

pub fn well_formed_taints(group: &ManagedNodeGroup) -> Vec<Diagnostic> {
    let taints = || group.taints.iter().filter_map(|taint| Some(&taint.known()?.value));
    let keys = taints().filter_map(|taint| taint.key.known()).filter(|key| !is_key(&key.0));
    let wrong_keys = keys.map(|key| {
        let message = format!("{:?} cannot be the key of a taint", key.0);
        Diagnostic::new(Code::BadLabel, key.span, message)
            .label("63 characters at most, after one `/` at most")
    });
    let values = taints().filter_map(|taint| taint.value.known()).filter(|value| !is_value(value));
    let known = taints().filter_map(|taint| Some((taint.key.known()?, taint.effect.known()?)));
    let words = known.map(|(key, effect)| (format!("{}:{}", **key, effect.value.word()), key.span));
    let again = twice("taints are", words);
    let wrong_values = values.map(|value| bad_value("value", "a taint's value", value));
    wrong_keys.chain(wrong_values).chain(again).collect()
}

fn bad_value(key: &str, what: &str, value: &Spanned<String>) -> Diagnostic {
    let message = format!("{:?} cannot be a value of a label or taint", value.value);
    let wrong = Diagnostic::new(Code::BadLabel, value.place(), message)
        .label("letters, digits, `.`, `_` and `-`, 63 at most, a letter or digit at both ends");
    unfilled_text(value, value.span, &format!("`{}`", short(key)), what).unwrap_or(wrong)
}

/// Kubernetes' rule for the keys of labels and taints.
pub fn is_key(key: &str) -> bool {
    let (domain, name) = key.split_once('/').map_or((None, key), |(domain, name)| (Some(domain), name));
    let domain_fits = |domain: &str| {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        !domain.is_empty() && domain.len() <= 253 && domain.chars().all(allowed)
    };
    !name.is_empty() && is_value(name) && domain.is_none_or(domain_fits)
}

/// And for their values, which may be empty.
pub fn is_value(value: &str) -> bool {
    let ends = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    value.len() <= 63
        && value.chars().all(allowed)
        && ends(value.chars().next())
        && ends(value.chars().next_back())
}
