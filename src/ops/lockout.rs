//! Whether a plan takes the caller's own access away. The plan itself is the same for every caller.

use crate::cluster::Caller;
use crate::graph::Graph;
use crate::plan::{Action, Change, Plan, Subject};
use crate::resource::eks::{AccessEntry, AtCreation, Cluster};
use crate::resource::{Key, Live, OneOf};
use crate::world::{Found, Snapshot};

/// How the caller would be left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lockout {
    /// The entry by which the caller is let in goes.
    #[error("{key} is the caller's own, and would be deleted")]
    Deleted {
        /// Which entry.
        key: Key,
    },
    /// The entry stays, but lets the caller do nothing, or not what it lets them do now.
    #[error("{key} is the caller's own, and would {}", if *admits { "not let them do everything any more" } else { "let them do nothing any more" })]
    Weakened {
        /// Which entry.
        key: Key,
        /// Whether it lets the caller do anything at all.
        admits: bool,
    },
    /// A cluster is made in which the caller may do nothing.
    #[error(
        "the caller could do nothing in {key}: neither its creator nor an access entry of theirs is let in"
    )]
    Outside {
        /// Which cluster.
        key: Key,
    },
}

impl Lockout {
    /// What it is about.
    pub fn key(&self) -> &Key {
        match self {
            Self::Deleted { key } | Self::Weakened { key, .. } | Self::Outside { key } => key,
        }
    }
}

/// The first thing of a plan that locks the caller out of the cluster, if it has one.
pub fn lockout(plan: &Plan, graph: &Graph, snapshot: &Snapshot, caller: &Caller) -> Option<Lockout> {
    let changes = plan.changes().ok()?;
    let own = changes.iter().filter(|change| is_own(&change.key, &caller.arn));
    own.filter_map(|change| loses(change, graph, snapshot)).next().or_else(|| outside(changes, graph, caller))
}

/// Whether an access entry is for who calls. A role is told by its name: IAM has no other of the same in an
/// account, and what a session is called does not show the role's path.
fn is_own(key: &Key, caller: &str) -> bool {
    if key.kind != AccessEntry::TYPE {
        return false;
    }
    let (principal, caller) = (parts(&key.name), parts(caller));
    let role = |arn: &[&str; 2]| {
        let [account, what] = *arn;
        let (kind, rest) = what.split_once('/')?;
        let name = match kind {
            "role" => rest.rsplit('/').next(),
            "assumed-role" => rest.split('/').next(),
            _ => None,
        };
        Some((account.to_owned(), name?.to_owned()))
    };
    match (principal, caller) {
        (Some(principal), Some(caller)) => {
            principal == caller || role(&principal).is_some_and(|it| role(&caller) == Some(it))
        }
        _ => false,
    }
}

/// Account and resource of an ARN.
fn parts(arn: &str) -> Option<[&str; 2]> {
    let mut parts = arn.splitn(6, ':').skip(4);
    Some([parts.next()?, parts.next()?])
}

/// What the caller loses by a change to the entry.
fn loses(change: &Change, graph: &Graph, snapshot: &Snapshot) -> Option<Lockout> {
    let key = change.key.clone();
    let before = entry(&change.subject, snapshot, &key).filter(|before| before.admits())?;
    if change.action == Action::Delete {
        return Some(Lockout::Deleted { key });
    }
    let after = AccessEntry::of(&graph.node(&key)?.resource)?;
    let weaker = !after.admits() || (before.is_admin() && !after.is_admin());
    weaker.then(|| Lockout::Weakened { key, admits: after.admits() })
}

/// The entry as it lives.
fn entry<'a>(subject: &'a Subject, snapshot: &'a Snapshot, key: &Key) -> Option<&'a AccessEntry> {
    let found = || snapshot.found.get(key)?.iter().find_map(Found::present);
    let live: Option<&Live> = match subject {
        Subject::Doomed(live) => Some(live),
        Subject::Desired { live, .. } => live.as_ref().or_else(found),
    };
    AccessEntry::of(&live?.properties)
}

/// Whether a cluster is made that lets the caller in neither as its creator nor by an entry.
fn outside(changes: &[Change], graph: &Graph, caller: &Caller) -> Option<Lockout> {
    let made = changes.iter().filter(|change| change.action == Action::Create);
    let key = made.map(|change| &change.key).find(|key| key.kind == Cluster::TYPE)?;
    let cluster = Cluster::of(&graph.node(key)?.resource)?;
    let creator = cluster.access_config.bootstrap_cluster_creator_admin_permissions;
    let own = graph.nodes().iter().find(|node| is_own(&node.key, &caller.arn));
    // What the file says of the creator takes the place of what EKS has made.
    let let_in = match own.and_then(|node| AccessEntry::of(&node.resource)) {
        Some(entry) => entry.admits(),
        None => creator != Some(AtCreation(false)),
    };
    (!let_in).then(|| Lockout::Outside { key: key.clone() })
}

#[test]
fn a_session_is_its_roles_whatever_its_path() {
    let is = |principal: &str, caller: &str| {
        is_own(&Key { kind: AccessEntry::TYPE, name: principal.to_owned() }, caller)
    };
    let session = "arn:aws:sts::123456789012:assumed-role/deploy/ci-17";
    assert!(is("arn:aws:iam::123456789012:role/deploy", session));
    assert!(is("arn:aws:iam::123456789012:role/teams/web/deploy", session));
    assert!(is("arn:aws:iam::123456789012:user/teams/ann", "arn:aws:iam::123456789012:user/teams/ann"));
    for other in ["210987654321:role/deploy", "123456789012:role/deploy2", "123456789012:user/deploy"] {
        assert!(!is(&format!("arn:aws:iam::{other}"), session), "{other}");
    }
    assert!(!is("arn:aws:iam::123456789012:user/ann", "arn:aws:iam::123456789012:user/teams/ann"));
    assert!(!is("arn:aws:iam::123456789012:role/ci", "arn:aws:sts::123456789012:federated-user/ci"));
}
