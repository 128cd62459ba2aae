//! What must hold of tags.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::{Known, Spanned};
use crate::config::sections::addons::Addon;
use crate::config::sections::identities::{PodIdentityAssociation, ServiceAccount};
use crate::config::sections::metadata::Metadata;
use crate::config::sections::nodegroup::ManagedNodeGroup;
use crate::config::value::{Map, short, unfilled_text};

/// How long a tag's key may be.
const KEY: usize = 128;
/// How long a tag's value may be.
const VALUE: usize = 256;

pub fn of_all(metadata: &Metadata) -> Vec<Diagnostic> {
    wrong(&metadata.tags)
}

pub fn of_a_group(group: &ManagedNodeGroup) -> Vec<Diagnostic> {
    wrong(&group.tags)
}

pub fn of_an_addon(addon: &Addon) -> Vec<Diagnostic> {
    wrong(&addon.tags)
}

pub fn of_a_service_account(account: &ServiceAccount) -> Vec<Diagnostic> {
    wrong(&account.tags)
}

pub fn of_an_association(association: &PodIdentityAssociation) -> Vec<Diagnostic> {
    wrong(&association.tags)
}

fn wrong(tags: &Map<String>) -> Vec<Diagnostic> {
    let keys = tags.iter().filter_map(|(key, _)| wrong_key(key));
    keys.chain(tags.iter().filter_map(|(key, value)| wrong_value(key, value.known()?))).collect()
}

fn wrong_key(key: &Spanned<String>) -> Option<Diagnostic> {
    let name = &key.value;
    let owner = match name.to_ascii_lowercase() {
        lower if lower.starts_with("aws:") => Some("AWS"),
        lower if lower.starts_with("eksact.dev/") => Some("eksact"),
        _ => None,
    };
    let say = |message: String| Diagnostic::new(Code::BadTag, key.span, message);
    match owner {
        Some(owner) => Some(say(format!("the tag `{name}` belongs to {owner}")).label("choose another key")),
        None if name.is_empty() || name.chars().count() > KEY || !name.chars().all(allowed) => {
            let label = format!("takes 1 to {KEY} letters, digits, spaces and `+-=._:/@`");
            let wrong = || say(format!("{:?} cannot be the key of a tag", short(name))).label(label);
            Some(unfilled_text(name, key.span, "`tags`", "a tag's key").unwrap_or_else(wrong))
        }
        None => None,
    }
}

fn wrong_value(key: &Spanned<String>, value: &Spanned<String>) -> Option<Diagnostic> {
    let fits = value.chars().count() <= VALUE && value.chars().all(allowed);
    let subject = format!("`{}`", short(&key.value));
    let unfilled = || unfilled_text(value, value.span, &subject, "a tag's value");
    let message = format!("{:?} cannot be the value of a tag", short(value));
    let label = format!("takes up to {VALUE} letters, digits, spaces and `+-=._:/@`");
    let wrong = || Diagnostic::new(Code::BadTag, value.span, message).label(label);
    (!fits).then(|| unfilled().unwrap_or_else(wrong))
}

/// What all services of AWS take alike.
fn allowed(c: char) -> bool {
    c.is_alphanumeric() || c == ' ' || "+-=._:/@".contains(c)
}
