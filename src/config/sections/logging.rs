//! What the control plane logs.

use std::collections::BTreeSet;

use crate::config::declare::{choice, section};
use crate::config::value::{Choice, List};

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
    }
    not yet { "logRetentionInDays" }
    refused {
        "enable": "the logs are named instead: `enableTypes: [api, audit, authenticator]`",
    }
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
