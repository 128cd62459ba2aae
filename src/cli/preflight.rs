//! Before anything is made: whether something would stop it half-way.

use serde_json::{Value, json};

use super::Printer;
use super::settings::Settings;
use super::source::File;
use crate::aws::Aws;
use crate::cluster::Timestamp;
use crate::ops::Draft;
use crate::ops::preflight::{self, Finding};
use crate::view::json::joined;
use crate::view::preflight::Preflight;

/// The flag of every command that makes something.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct SkipPreflight {
    /// Do not look first for what would stop it half-way: quotas, addresses, permissions, credentials
    #[arg(long)]
    skip_preflight: bool,
    /// Whether somebody only asks what would be done: who plans need not be allowed to do it.
    #[arg(skip)]
    only_asks: bool,
}

impl SkipPreflight {
    /// Nobody looks, whatever flags say.
    pub const ALWAYS: Self = Self { skip_preflight: true, only_asks: false };
    /// It is looked for whoever only asks, and there is no flag.
    pub const ASKING: Self = Self { skip_preflight: false, only_asks: true };
}

/// What was found beside something else that stands in the way.
#[derive(Debug)]
pub(super) struct Besides {
    /// As people read it.
    pub text: String,
    /// As programs do.
    pub findings: Value,
}

impl Besides {
    /// The object that says what stands in the way by itself, with this in it.
    pub fn joined(&self, object: Value) -> Value {
        joined(object, json!({ "preflight": self.findings }))
    }
}

/// What stands in the way of a plan besides what it is refused for, or of the rest of a file besides what is wrong with
/// it: whoever mends the one wants to know of the other.
pub(super) async fn besides(
    file: &File,
    draft: &Draft,
    world: &Aws,
    settings: &Settings,
    skip: SkipPreflight,
) -> Option<Besides> {
    if skip.skip_preflight {
        return None;
    }
    let mut findings = preflight::look(world, draft, settings.credentials_end).await;
    let is_callers = |it: &Finding| matches!(it, Finding::Denied { .. } | Finding::Credentials { .. });
    findings.retain(|it| !(skip.only_asks && is_callers(it)));
    let (cluster, region) = (file.cluster.name(), &draft.facts.region);
    let told = Preflight { cluster, region, source: &file.source, findings: &findings };
    (!findings.is_empty()).then(|| Besides { text: told.beside(), findings: told.json()["findings"].take() })
}

/// Looks, and says what was found. Whether the plan may be begun.
pub(super) async fn passes(
    file: &File,
    draft: &Draft,
    world: &Aws,
    (settings, printer): (&Settings, &Printer),
    skip: SkipPreflight,
) -> bool {
    if skip.skip_preflight {
        return true;
    }
    let findings = preflight::look(world, draft, settings.credentials_end).await;
    let (cluster, region) = (file.cluster.name(), &draft.facts.region);
    let told = Preflight { cluster, region, source: &file.source, findings: &findings };
    let blocked = findings.iter().any(|it| it.blocks());
    if blocked {
        printer.screen(|| told.text(), || told.json());
    } else if !findings.is_empty() {
        printer.show(&told.text());
    }
    !blocked
}

/// When keys in the environment end that nobody renews: tools that put them there say so beside them. A
/// profile that a flag names comes first.
pub(super) fn credentials_end(profile: Option<&str>) -> Option<Timestamp> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    set("AWS_ACCESS_KEY_ID").filter(|_| profile.is_none())?;
    set("AWS_CREDENTIAL_EXPIRATION")?.parse().ok()
}
