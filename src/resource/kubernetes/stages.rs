//! Objects by when they are made: each stage is a type of resource of its own, with the order that it needs.

use serde::Serialize;

use super::{Address, Body, Kind, Manifest, Operation};
use crate::resource::{Added, Calls, Comparison, Live, Milestone, Outputs, Place, Property, Resource};
use crate::resource::{OneOf, Seen, Standing, Tags, Type};

/// The label that says who looks after an object.
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// Its value, and our name as a manager of fields.
pub const MANAGER: &str = "eksact";

/// An object of any stage, as it is sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sent {
    /// Where it is.
    pub address: Address,
    /// What it is to be like.
    pub manifest: Manifest,
    /// What makes it ours: annotations.
    pub tags: Tags,
    /// Whether it is waited for.
    pub awaited: bool,
}

impl Property for Sent {
    fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        self.manifest.visit(see);
    }
    fn resolve(&mut self, outputs: &Outputs) {
        self.manifest.resolve(outputs);
    }
}

macro_rules! stages {
    ($($(#[$doc:meta])* $name:ident: $states:expr, after $after:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct $name {
            /// Where it is.
            pub address: Address,
            /// What it is like.
            pub manifest: Manifest,
            /// What makes it ours: annotations.
            pub tags: Tags,
            /// Whether it is waited for; it is not told afterwards.
            #[serde(skip)]
            pub awaited: bool,
        }

        impl $name {
            /// One that is desired, labelled as looked after by us.
            pub fn new(address: Address, body: Body) -> Self {
                let manifest = labelled(body).manifest();
                Self { address, manifest, tags: Tags::default(), awaited: true }
            }

            /// One that lives.
            pub fn living(address: Address, manifest: Manifest, tags: Tags) -> Self {
                Self { address, manifest, tags, awaited: true }
            }

            fn sent(&self) -> Sent {
                let Self { address, manifest, tags, awaited } = self.clone();
                Sent { address, manifest, tags, awaited }
            }
        }

        impl Property for $name {
            fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
                self.manifest.visit(see);
            }
            fn resolve(&mut self, outputs: &Outputs) {
                self.manifest.resolve(outputs);
            }
            fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
                self.manifest.differs(self.address.kind, &live.manifest, into);
                self.tags.compare(&live.tags, &at.entry("Tags"), into);
            }
        }

        impl Resource for $name {
            const ID: &'static str = "Uid";
            const STATES: &'static [(&'static str, Standing)] = $states;
            const AFTER: &'static [(Type, Milestone)] = $after;
            const LINGERS: bool = true;

            fn name(&self) -> Option<&str> {
                Some(self.address.text())
            }

            fn face(&self, mut live: Live<Self>) -> Live<Self> {
                if !self.awaited && Self::TYPE.standing(&live.status) == Standing::Settling {
                    live.status = UNAWAITED.to_owned();
                }
                live
            }

            fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
                Ok(vec![Operation::Create { object: self.sent() }.into()])
            }

            fn update(&self, _: &Live<Self>, how: &Comparison) -> Calls {
                let differs = !how.differences.is_empty();
                Ok(differs.then(|| Operation::Apply { object: self.sent() }.into()).into_iter().collect())
            }

            fn delete(live: &Live<Self>) -> Calls {
                let address = live.properties.address.clone();
                Ok(vec![Operation::Delete { address, uid: live.id.clone() }.into()])
            }
        }
    )* };
}

/// Our own word for what is on its way and not waited for.
const UNAWAITED: &str = "on its way, not waited for";

use Milestone::{Ready, Requested};

stages! {
    /// What says to people which objects of their cluster are ours, and to us whether any is. It is there
    /// before all others, and goes after them.
    Inventory: STATES, after &[(Type::Cluster, Ready), (Type::AccessEntry, Ready)];
    /// A namespace.
    Namespace: STATES, after &[
        (Type::Cluster, Ready), (Type::AccessEntry, Ready), (Type::Inventory, Ready),
    ];
    /// A kind of object that the API server does not bring along.
    Definition: STATES, after &[
        (Type::Cluster, Ready), (Type::AccessEntry, Ready), (Type::Inventory, Ready),
    ];
    /// An object that is there as soon as it is accepted.
    Object: STATES, after &[
        (Type::Cluster, Ready), (Type::AccessEntry, Ready), (Type::Inventory, Ready), (Type::Namespace, Ready),
        (Type::Role, Ready),
    ];
    /// What runs. Its nodes need only be asked for: its pods wait for them, and nobody else.
    Workload: STATES, after &[
        (Type::Definition, Ready), (Type::Object, Ready), (Type::Certificate, Ready),
        (Type::Addon, Requested), (Type::Nodegroup, Requested), (Type::PodIdentityAssociation, Ready),
    ];
    /// What the API server asks before it accepts others' objects: registered once somebody answers.
    Webhook: STATES, after &[(Type::Workload, Ready), (Type::Certificate, Ready)];
    /// An object of a kind of our own, or one that stands beside it.
    Custom: STATES, after &[(Type::Definition, Ready), (Type::Object, Ready)];
}

/// The words for what an object shows of itself.
pub(super) const STATES: &[(&str, Standing)] = &[
    ("", Standing::Ready),
    ("Progressing", Standing::Settling),
    ("Terminating", Standing::Deleting),
    (UNAWAITED, Standing::Ready),
];

impl Inventory {
    /// Where the one of a cluster is.
    pub fn address() -> Address {
        Address::new(Kind::CONFIG_MAP, "kube-system", "eksact-inventory")
    }

    /// Of these objects, as people write them.
    pub fn of(objects: &[String]) -> Self {
        let body = serde_json::json!({ "data": { "objects": objects.join("\n") } });
        Self::new(Self::address(), body.into())
    }
}

/// The same body, labelled as looked after by us.
fn labelled(body: Body) -> Body {
    let ours = || (MANAGED_BY.to_owned(), Body::Plain(MANAGER.into()));
    let label = |labels: Body| match labels {
        Body::Map(mut labels) => {
            labels.retain(|(key, _)| key != MANAGED_BY);
            labels.push(ours());
            Body::Map(labels)
        }
        _ => Body::Map(vec![ours()]),
    };
    edit(body, "metadata", |metadata| edit(metadata, "labels", label))
}

/// Changes an entry of a map, which is made where it is absent.
fn edit(body: Body, key: &str, change: impl FnOnce(Body) -> Body) -> Body {
    let Body::Map(mut entries) = body else { return body };
    let at = entries.iter().position(|(name, _)| name == key);
    let (name, value) = at.map_or((key.to_owned(), Body::Map(Vec::new())), |at| entries.remove(at));
    entries.push((name, change(value)));
    Body::Map(entries)
}
