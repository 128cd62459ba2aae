//! Every field of a cluster file, written, changed and taken away: what each of these changes in a cluster
//! that lives. Read by a test without AWS, and by one with it.

use std::collections::BTreeMap;

use eksact::plan::{Action, Plan, Why};
use eksact::resource::Difference;

mod access;
mod addons;
mod cluster;
mod components;
mod identities;
mod living;
mod network;
mod nodes;
mod volumes;

/// One field.
pub struct Field {
    /// Its path.
    pub name: &'static str,
    /// A file without it.
    pub none: String,
    /// With it.
    pub one: String,
    /// With another value.
    pub other: String,
    /// From none to one.
    pub added: Changes,
    /// From one to the other.
    pub changed: Changes,
    /// From the other to none.
    pub removed: Changes,
}

/// The head of each file: the ids and ARNs below it are of things that exist.
pub const HEAD: &str = "\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: us-west-2}
";

const GIVEN: &str = "\
vpc: {subnets: {public: {a: {id: subnet-aaaaaaa1}, b: {id: subnet-aaaaaaa2}}}}
";

/// The edits of a field: its name, the file, and what is done.
pub fn edits(field: &Field) -> [(String, &str, &str, Changes); 3] {
    let edit = |how, before, after, changes| (format!("{} {how}", field.name), before, after, changes);
    [
        edit("added", &*field.none, &*field.one, field.added),
        edit("changed", &*field.one, &*field.other, field.changed),
        edit("removed", &*field.other, &*field.none, field.removed),
    ]
}

fn file(body: &str) -> String {
    format!("{HEAD}{body}")
}

/// A file whose metadata has this, too.
fn metadata(field: &str) -> String {
    file("managedNodeGroups: [{name: ng1}]\n")
        .replace("region: us-west-2", &format!("region: us-west-2{field}"))
}

/// A file with a node group, and this at the top.
fn top(section: &str) -> String {
    file(&format!("{section}\nmanagedNodeGroups: [{{name: ng1}}]\n"))
}

/// The same in eksact's own language.
fn ours(section: &str) -> String {
    top(section).replace("eksctl.io/v1alpha5", "eksact.dev/v1alpha1")
}

/// A file with a node group that has this.
fn group(field: &str) -> String {
    file(&format!("managedNodeGroups: [{{name: ng1{field}}}]\n"))
}

/// The same, in a network that exists.
fn given(field: &str) -> String {
    file(&format!("{GIVEN}managedNodeGroups: [{{name: ng1{field}}}]\n"))
}

/// One field, as in the tables: its name, what a value of it stands in, its values, and what each edit changes.
struct Row(&'static str, fn(&str) -> String, [&'static str; 3], [Changes; 3]);

impl Row {
    fn field(&self) -> Field {
        let Row(name, around, values, [added, changed, removed]) = self;
        let [none, one, other] = values.map(around);
        Field { name, none, one, other, added, changed, removed }
    }
}

/// All of them.
pub fn fields() -> Vec<Field> {
    let tables = [
        cluster::ROWS,
        access::ROWS,
        network::OWN,
        network::GIVEN,
        addons::ROWS,
        components::ADDONS,
        components::INSIDE,
        identities::ROWS,
        nodes::ROWS,
        volumes::ROWS,
    ];
    tables.into_iter().flatten().map(Row::field).collect()
}

/// What one edit changes.
type Changes = &'static [&'static str];

const NOTHING: Changes = &[];

/// Another launch template, which the nodes get.
macro_rules! template {
    ($first:literal $(, $more:literal)*) => {
        &[
            "Update nodegroup/ng1: LaunchTemplate.Version",
            concat!(
                "Update launch-template/ng1: LaunchTemplateData.", $first
                $(, " LaunchTemplateData.", $more)*
            ),
        ]
    };
}

/// The same, for their root volume.
macro_rules! volume {
    ($first:literal $(, $more:literal)*) => {
        &[
            "Update nodegroup/ng1: LaunchTemplate.Version",
            concat!(
                "Update launch-template/ng1: LaunchTemplateData.BlockDeviceMappings.0.", $first
                $(, " LaunchTemplateData.BlockDeviceMappings.0.", $more)*
            ),
        ]
    };
}
use {template, volume};

/// One line for each kind of change: `Update cluster/demo: Logging`; of many keys, only how many.
pub fn tell(plan: &Plan) -> Vec<String> {
    let mut keys: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut note = |action: String, differences: &[Difference], key: String| {
        let paths: Vec<&str> = differences.iter().map(|it| it.path.as_str()).collect();
        keys.entry((action, paths.join(" "))).or_default().push(key);
    };
    for refusal in &plan.refused {
        match &refusal.why {
            Why::Protected(differences) => note("Refused".to_owned(), differences, refusal.key.to_string()),
            why => note(format!("Refused {why:?}"), &[], refusal.key.to_string()),
        }
    }
    if let Ok(changes) = plan.changes() {
        for change in changes {
            let made = change.action != Action::Create || !change.differences.is_empty();
            let action = if made { format!("{:?}", change.action) } else { "New".to_owned() };
            // What AWS is at by itself, such as an add-on that has got nodes, is no change of the file's.
            if change.action == Action::Wait {
                continue;
            }
            assert!(!change.operations.is_empty(), "{:?} {} is made by calls", change.action, change.key);
            note(action, &change.differences, change.key.to_string());
        }
    }
    let line = |((action, paths), keys): ((String, String), Vec<String>)| {
        let keys = if keys.len() > 8 { format!("{} of all", keys.len()) } else { keys.join(" ") };
        if paths.is_empty() { format!("{action} {keys}") } else { format!("{action} {keys}: {paths}") }
    };
    keys.into_iter().map(line).collect()
}
