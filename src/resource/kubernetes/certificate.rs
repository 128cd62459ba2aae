//! The certificate by which the API server knows that a webhook is ours.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Address, Operation};
use crate::resource::{Added, Calls, Comparison, Live, Milestone, Place, Property, Resource, STATELESS};
use crate::resource::{Standing, Tags, Type, attributes};

attributes! {
    /// The authority that a webhook's certificate is checked against: PEM in base64.
    CaBundle of Certificate = "CaBundle";
    /// A hash of the certificate, by which a pod shows which one it was started with.
    Fingerprint of Certificate = "Fingerprint";
}

/// A Secret with a certificate, its key, and the authority that has signed it. None of these is ever known
/// here: they are made when it is sent, and kept for as long as they are good.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Certificate {
    /// Where the Secret is.
    pub address: Address,
    /// The DNS names that it is for.
    pub names: Vec<String>,
    /// Whether it is good.
    pub state: State,
    /// What makes it ours: annotations.
    pub tags: Tags,
    /// The labels of the Secret.
    pub labels: Vec<(String, String)>,
}

/// Whether a certificate is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is, for long enough.
    Good,
    /// It ends soon, or has ended: on this day.
    Ends(String),
    /// Something is wrong with it.
    Bad(String),
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Good => f.write_str("good"),
            State::Ends(day) => write!(f, "ends {day}"),
            State::Bad(why) => f.write_str(why),
        }
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Property for Certificate {
    fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
        if self.state != live.state {
            into.differ(&at.entry("certificate"), Some(&live.state), Some(&self.state));
        }
        self.tags.compare(&live.tags, &at.entry("Tags"), into);
    }
}

impl Resource for Certificate {
    const ID: &'static str = "Uid";
    const STATES: &'static [(&'static str, Standing)] = STATELESS;
    const AFTER: &'static [(Type, Milestone)] = &[
        (Type::Cluster, Milestone::Ready),
        (Type::AccessEntry, Milestone::Ready),
        (Type::Inventory, Milestone::Ready),
        (Type::Namespace, Milestone::Ready),
    ];

    fn name(&self) -> Option<&str> {
        Some(self.address.text())
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        Ok(vec![Operation::IssueCertificate { certificate: self.clone() }.into()])
    }

    fn update(&self, _: &Live<Self>, how: &Comparison) -> Calls {
        let renew = || Operation::RenewCertificate { certificate: self.clone() }.into();
        Ok((!how.differences.is_empty()).then(renew).into_iter().collect())
    }

    fn delete(live: &Live<Self>) -> Calls {
        let address = live.properties.address.clone();
        Ok(vec![Operation::Delete { address, uid: live.id.clone() }.into()])
    }
}
