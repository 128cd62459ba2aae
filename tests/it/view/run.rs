//! One run on the simulated AWS, and what was seen from inside Kubernetes meanwhile.

use std::path::PathBuf;
use std::time::Duration;

use eksact::apply::What;
use eksact::cluster::Timestamp;
use eksact::ops::{Happened, Kubeconfig, Seen, Sight};
use eksact::plan::Plan;
use eksact::resource::Key;
use eksact::sim::Sim;

use crate::engine::demo::Demo;
use crate::engine::desk::{Goal, account, run};

/// A plan, all that happened, and when it began and ended.
pub struct Run {
    pub plan: Plan,
    pub happened: Vec<Happened>,
    pub began: Timestamp,
}

impl Run {
    /// A cluster is made.
    pub fn made() -> Self {
        Self::on(&account(), &Goal::Graph(Demo::default().graph()))
    }

    /// One run on this account.
    pub fn on(sim: &Sim, goal: &Goal) -> Self {
        let outcome = run(sim, goal).unwrap();
        let began = outcome.events.first().map_or(Timestamp::UNIX_EPOCH, |event| event.at);
        Self {
            plan: outcome.plan,
            happened: outcome.events.into_iter().map(Happened::Change).collect(),
            began,
        }
    }

    /// With nodes that become Ready.
    pub fn seen(mut self) -> Self {
        let done = |it: &Happened, key: &str| match it {
            Happened::Change(event) => {
                event.key == key.parse::<Key>().unwrap() && matches!(event.what, What::Done { .. })
            }
            Happened::Seen(_) => false,
        };
        let at = |key: &str| self.happened.iter().find(|it| done(it, key)).unwrap().at();
        let (cluster, nodegroup) = (at("cluster/demo"), at("nodegroup/ng1"));
        let usual = Duration::from_secs(40);
        let after = |from: Timestamp, seconds: i64, what| {
            let at = from + jiff::SignedDuration::from_secs(seconds);
            Happened::Seen(Sight { at, what })
        };
        let kubeconfig = Kubeconfig {
            path: PathBuf::from("/home/me/.kube/config"),
            context: "demo.us-west-2".to_owned(),
            current: true,
            backup: None,
            home: Some(PathBuf::from("/home/me")),
        };
        let nodes =
            |ready| Seen::Nodes { nodegroup: "ng1".to_owned(), ready, wanted: 2, since: nodegroup, usual };
        let why = "connection refused".to_owned();
        self.happened.extend([
            after(cluster, 0, Seen::ApiSilent { since: cluster, usual, why }),
            after(cluster, 5, Seen::ApiAnswers),
            after(cluster, 5, Seen::Kubeconfig(kubeconfig)),
            after(nodegroup, 1, nodes(0)),
            after(nodegroup, 9, nodes(1)),
            after(nodegroup, 12, Seen::NodesReady { nodegroup: "ng1".to_owned(), nodes: 2 }),
        ]);
        self.happened.sort_by_key(Happened::at);
        self
    }

    /// The moment so many seconds after it began.
    pub fn at(&self, seconds: i64) -> Timestamp {
        self.began + jiff::SignedDuration::from_secs(seconds)
    }

    /// The moment after the last thing that happened.
    pub fn end(&self) -> Timestamp {
        self.happened.last().unwrap().at()
    }
}
