//! What would stop a run half-way: every finding with what, why, where in the file, and what to do.

use serde_json::{Map, Value, json};

use super::diagnostics::place;
use super::json::answer;
use super::units::{count, moment};
use crate::cluster::{Quota, Span, Timestamp};
use crate::config::Source;
use crate::ops::preflight::{Finding, Wanting};
use crate::resource::{Key, Type};

/// All that was found, and what it is told with.
#[derive(Clone, Copy, Debug)]
pub struct Preflight<'a> {
    /// The cluster's name.
    pub cluster: &'a str,
    /// Its region.
    pub region: &'a str,
    /// The file, for places.
    pub source: &'a Source,
    /// What was found, what blocks first.
    pub findings: &'a [Finding],
}

/// One finding in words.
struct Told {
    what: String,
    why: String,
    place: Option<Span>,
    next: String,
}

impl Preflight<'_> {
    /// As people read it; nothing, where nothing was found.
    pub fn text(&self) -> String {
        self.ending(|found| format!("{found}; nothing was changed. --skip-preflight goes on regardless."))
    }

    /// The same below something else that stands in the way, and that no flag goes over.
    pub fn beside(&self) -> String {
        self.ending(|found| format!("{found} beside that; nothing was changed."))
    }

    /// Each finding; and where some block, an end that is made of how many there are.
    fn ending(&self, end: impl Fn(&str) -> String) -> String {
        let told = self.findings.iter().map(|it| self.one(it)).collect::<Vec<_>>().join("\n");
        let (errors, warnings) = (self.errors(), self.findings.len() - self.errors());
        if errors == 0 {
            return told;
        }
        let warnings = (warnings > 0).then(|| format!(" and {}", count(warnings, "warning")));
        let found = count(errors, "error") + &warnings.unwrap_or_default();
        format!("{told}\n\n{}", end(&found))
    }

    /// As programs read it.
    pub fn json(&self) -> Value {
        let (errors, findings) = (self.errors(), self.findings.iter().map(|it| self.object(it)));
        answer(
            "Preflight",
            json!({
                "cluster": self.cluster,
                "region": self.region,
                "errors": errors,
                "warnings": self.findings.len() - errors,
                "findings": findings.collect::<Vec<_>>(),
            }),
        )
    }

    fn errors(&self) -> usize {
        self.findings.iter().filter(|it| it.blocks()).count()
    }

    fn one(&self, finding: &Finding) -> String {
        let Told { what, why, place: at, next } = self.told(finding);
        let mut lines = vec![format!("{}: {what}", severity(finding)), format!("  why    {why}")];
        lines.extend(at.map(|at| format!("  where  {}", place(self.source, at))));
        lines.push(format!("  next   {next}"));
        lines.join("\n")
    }

    fn object(&self, finding: &Finding) -> Value {
        let told = self.told(finding);
        let mut object = json!({
            "severity": severity(finding),
            "message": told.what,
            "why": told.why,
            "place": told.place.map(|at| place(self.source, at)),
            "next": told.next,
        });
        if let Some(object) = object.as_object_mut() {
            object.extend(figures(finding));
        }
        object
    }

    fn told(&self, finding: &Finding) -> Told {
        match finding {
            Finding::Quota { quota, limit, told, used, more, place } => {
                let what = format!("quota {}: {used} of {limit} used, {more} more needed", name(quota));
                let next =
                    format!("raise {} in Service Quotas, or delete what is not needed", quota.code().1);
                Told { what, why: self.limit(quota, *limit, *told), place: *place, next }
            }
            Finding::Addresses(wanting) => addresses(wanting),
            Finding::Credentials { end, floor, may_be_renewed } => credentials(*end, *floor, *may_be_renewed),
            Finding::Denied { action, resources } => {
                let resources = resources.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                let next = format!("let somebody who may allow it: {action} on {resources}");
                let why = "IAM's policy simulator says so".to_owned();
                Told { what: format!("the caller may not {action}"), why, place: None, next }
            }
        }
    }

    fn limit(&self, quota: &Quota, limit: u64, told: bool) -> String {
        let ((service, code), region) = (quota.code(), self.region);
        match told {
            true => format!("Service Quotas has {service} {code} at {limit} in {region}"),
            false => format!(
                "{limit} is what every account has of {service} {code} at first; Service Quotas did not tell"
            ),
        }
    }
}

fn severity(finding: &Finding) -> &'static str {
    if finding.blocks() { "error" } else { "warning" }
}

fn name(quota: &Quota) -> String {
    match quota {
        Quota::NatGateways(zone) => format!("{} ({zone})", quota.name()),
        Quota::Vcpus(_) => format!("{}, in vCPUs", quota.name()),
        _ => quota.name().to_owned(),
    }
}

/// What to do where subnets are too small for nodes.
const FEWER: &str = "name other subnets, or begin with fewer nodes";

fn addresses(wanting: &Wanting) -> Told {
    let by = by(&wanting.by);
    let free: u32 = wanting.free.iter().map(|(_, free)| free).sum();
    let needed =
        if wanting.needed == 1 { "1 address".to_owned() } else { format!("{} addresses", wanting.needed) };
    let each: Vec<String> =
        wanting.free.iter().map(|(subnet, free)| format!("{subnet} has {free} left")).collect();
    let (kind, next) = match (wanting.by.kind, wanting.most_each) {
        (Type::Cluster, _) => {
            ("EKS wants as many in each subnet of a control plane".to_owned(), "name other subnets")
        }
        (_, None) => ("each node takes one at least".to_owned(), FEWER),
        (_, Some(most)) => (format!("each node takes one at least, and with its pods up to {most}"), FEWER),
    };
    let what = format!("{by}: {needed} needed, {free} free in {}", count(wanting.free.len(), "subnet"));
    let why = format!("{}; {kind}", each.join(", "));
    Told { what, why, place: wanting.place, next: next.to_owned() }
}

fn by(key: &Key) -> String {
    format!("{} {}", key.kind.word(), key.name)
}

fn credentials(end: Timestamp, floor: Timestamp, may_be_renewed: bool) -> Told {
    let when = if end < floor { "before the run can be over" } else { "hardly after the run can be over" };
    let (who, next) = match may_be_renewed {
        true => ("who gave them may renew them meanwhile", "make sure that they are renewed"),
        false => ("AWS_CREDENTIAL_EXPIRATION says so, and nobody renews them", "renew them, and run again"),
    };
    Told {
        what: format!("the credentials end at {}, {when}", moment(end)),
        why: format!("it takes until {} at least; {who}", moment(floor)),
        place: None,
        next: next.to_owned(),
    }
}

/// The kind of a finding, and its figures.
fn figures(finding: &Finding) -> Map<String, Value> {
    let (kind, figures) = match finding {
        Finding::Quota { quota, limit, told, used, more, .. } => {
            let (service, code) = quota.code();
            let name = name(quota);
            let quota = json!({
                "service": service, "code": code, "name": name,
                "limit": limit, "told": told, "used": used, "needed": more,
            });
            ("quota", quota)
        }
        Finding::Addresses(Wanting { by, needed, most_each, free, .. }) => {
            let free: Map<String, Value> = free.iter().map(|(id, free)| (id.clone(), json!(free))).collect();
            ("addresses", json!({ "by": by, "needed": needed, "mostEach": most_each, "free": free }))
        }
        Finding::Credentials { end, floor, may_be_renewed } => {
            let renewed = may_be_renewed;
            ("credentials", json!({ "end": moment(*end), "floor": moment(*floor), "mayBeRenewed": renewed }))
        }
        Finding::Denied { action, resources } => {
            ("denied", json!({ "action": action, "resources": resources }))
        }
    };
    [(String::from("kind"), json!(kind)), (kind.to_owned(), figures)].into_iter().collect()
}
