//! What the control plane logs.

use crate::config::declare::{choice, section};
use crate::config::value::List;

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
