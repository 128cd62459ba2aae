//! What the control plane logs.

use std::collections::BTreeSet;

use crate::config::declare::{choice, section};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Known;
use crate::config::value::{Choice, Int, List};

section! {
    /// CloudWatch.
    pub struct CloudWatch {
        /// Logs of the control plane.
        "clusterLogging" cluster_logging: ClusterLogging,
    }
}

section! {
    /// Logs of the control plane.
    pub struct ClusterLogging {
        /// Which logs; `all` or `*` for every one.
        "enableTypes" enable_types: List<LogType> = { eksctl: [], eksact: [api, audit, authenticator] },
        /// How long they are kept, in days. For good if left open.
        "logRetentionInDays" log_retention_in_days: Int<1, 3_653> = _,
    }
    refused {
        "enable": "the logs are named instead: `enableTypes: [api, audit, authenticator]`",
    }
    rules { a_retention_that_is_taken, a_retention_of_something }
}

/// The only ones that CloudWatch takes.
const RETENTIONS: [u32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

fn a_retention_that_is_taken(logging: &ClusterLogging) -> Option<Diagnostic> {
    let retention = logging.log_retention_in_days.known()?;
    let days = retention.count();
    if RETENTIONS.contains(&days) {
        return None;
    }
    let next = RETENTIONS.into_iter().find(|it| *it > days).unwrap_or(RETENTIONS[0]).to_string();
    let message = format!("CloudWatch does not keep logs for {days} days");
    let all = RETENTIONS.map(|it| it.to_string()).join(", ");
    let said = Diagnostic::new(Code::NoSuchRetention, retention.place(), message);
    let said = said.label(format!("the next that it takes is {next}")).fix(retention.place(), next);
    Some(said.help(format!("it takes {all}")))
}

fn a_retention_of_something(logging: &ClusterLogging) -> Option<Diagnostic> {
    let retention = logging.log_retention_in_days.known().filter(|_| logging.types().is_empty())?;
    let message = "`logRetentionInDays` is about logs, and none are on";
    let said = Diagnostic::new(Code::NeedsOther, retention.place(), message);
    Some(said.label("write `enableTypes`, too, or remove it"))
}

choice! {
    /// A log of the control plane.
    pub enum LogType {
        "api"               Api,
        "audit"             Audit,
        "authenticator"     Authenticator,
        "controllerManager" ControllerManager,
        "scheduler"         Scheduler,
        "all"               All,
        "*"                 Any,
    }
}

impl ClusterLogging {
    /// The logs that are meant, as EKS spells them.
    pub fn types(&self) -> BTreeSet<&'static str> {
        let every = |log: &LogType| matches!(log, LogType::All | LogType::Any);
        let all = self.enable_types.iter().any(|log| every(&log.value));
        let named = |log: &LogType| all || self.enable_types.iter().any(|it| it.value == *log);
        let words = LogType::WORDS.iter().filter(|(_, log)| !every(log) && named(log));
        words.map(|(word, _)| *word).collect()
    }
}
