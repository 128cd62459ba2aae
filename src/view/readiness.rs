//! A cluster from inside: what came of its API server, its kubeconfig and its nodes.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::summary::{End, times};
use super::units::{self, count};
use crate::cluster::Facts;
use crate::ops::{Inside, Kubeconfig, Looked, NodesOf, Short, Unreached};
use crate::resource::{Key, Type};

/// The entry in the kubeconfig, in one line.
pub fn kubeconfig(written: &Kubeconfig) -> String {
    let path = |path: &PathBuf| units::path(path, written.home.as_deref());
    let current = if written.current { ", now current" } else { "" };
    let backup = written.backup.as_ref().map(|it| format!("; as it was: {}", path(it)));
    format!("{}, context {}{current}{}", path(&written.path), written.context, backup.unwrap_or_default())
}

/// `2 of 2 nodes Ready`; nothing, where there is no group.
pub fn nodes(nodes: &[NodesOf]) -> Option<String> {
    let sum = |each: fn(&NodesOf) -> usize| nodes.iter().map(each).sum::<usize>();
    let ready = sum(|it| it.ready.min(it.wanted));
    (!nodes.is_empty()).then(|| format!("{ready} of {} Ready", count(sum(|it| it.wanted), "node")))
}

/// Everything that is not as it was wanted: what, why, and what to do.
pub fn troubles(inside: &Inside) -> Vec<String> {
    let mut lines = Vec::new();
    if let Err(why) = &inside.api {
        lines.push(format!("error: the cluster's API server was not reached: {why}"));
        lines.extend(way(why).map(|way| format!("  hint   {way}")));
    }
    if let Some(Err(why)) = &inside.kubeconfig {
        lines.push(format!("error: the kubeconfig was not written: {why}"));
    }
    for it in inside.nodes.iter().filter(|it| !it.are_ready()) {
        let wanted = count(it.wanted, "node");
        lines.push(format!("error: nodegroup {}: {} of {wanted} Ready", it.nodegroup, it.ready));
        lines.extend(it.short.iter().map(|short| format!("  why    {}", reason(short))));
        lines.extend(remedies(&it.short).iter().map(|remedy| format!("  hint   {remedy}")));
    }
    lines
}

/// What lets a person reach the server.
fn way(why: &Unreached) -> Option<&'static str> {
    match why {
        Unreached::Silent { private: true, .. } => Some(
            "it is reached from inside its VPC alone: run there, or through a VPN; or --skip-kubernetes leaves this out",
        ),
        Unreached::Silent { private: false, .. } => Some(
            "check network, proxy and vpc.publicAccessCIDRs; --skip-kubernetes leaves this part out on purpose",
        ),
        Unreached::Denied(_) => Some(
            "the caller needs an access entry with a policy (accessConfig.accessEntries), given by who has one",
        ),
        Unreached::NotThere | Unreached::Unsaid(_) | Unreached::Refused(_) => None,
    }
}

fn reason(short: &Short) -> String {
    match short {
        Short::Unsettled(Some(status)) => format!("EKS shows the group as {status}"),
        Short::Unsettled(None) => "EKS does not show the group".to_owned(),
        Short::Health(trouble) => format!("EKS: {}, \"{}\"", trouble.code, trouble.message),
        Short::NotReady { nodes, trouble } => {
            let more = if nodes.len() > 1 { format!(" and {} more", nodes.len() - 1) } else { String::new() };
            let first = nodes.first().map_or("", String::as_str);
            format!("{first}{more}: {}, \"{}\"", trouble.reason, trouble.message)
        }
        Short::NotJoined(number) => format!("{} not joined the cluster", has(*number)),
        Short::NoEntry(entry) => format!("no access entry of the cluster lets their role in: {}", entry.role),
        Short::CutOff(subnets) => format!(
            "no route to 0.0.0.0/0 leads out of {}, and the VPC has no interface endpoints",
            subnets.join(", ")
        ),
        Short::NoCni => "the file has no add-on vpc-cni, without which pods get no addresses".to_owned(),
        Short::NoCause(looked) => format!("no cause is to be seen in {}", looked.at.join(", ")),
    }
}

/// Some of them, in one line.
pub(super) fn reasons(short: &[Short]) -> String {
    short.iter().map(reason).collect::<Vec<_>>().join("; ")
}

/// What takes them away, or tells more, as far as that is known.
pub(super) fn remedies(short: &[Short]) -> Vec<String> {
    short.iter().filter_map(remedy).collect()
}

/// Why no nodes came of a group that was not made.
fn missing<'a>(inside: Option<&'a Inside>, key: &Key) -> &'a [Short] {
    let missing = inside.filter(|_| key.kind == Type::Nodegroup).and_then(|it| it.missing.get(&key.name));
    missing.map_or(&[], Vec::as_slice)
}

/// The same, a line each, and what takes it away.
pub(super) fn causes(inside: Option<&Inside>, key: &Key) -> Vec<String> {
    let why = missing(inside, key).iter().map(|short| format!("  cause  {}", reason(short)));
    let hints = remedies(missing(inside, key)).into_iter().map(|remedy| format!("  hint   {remedy}"));
    why.chain(hints).collect()
}

/// Whether it is known what takes away why no nodes came.
pub(super) fn has_remedy(inside: Option<&Inside>, key: &Key) -> bool {
    !remedies(missing(inside, key)).is_empty()
}

/// What takes a reason away, or tells more, where that is known.
fn remedy(short: &Short) -> Option<String> {
    match short {
        Short::NoEntry(entry) => Some(format!(
            "aws eks create-access-entry --cluster-name {} --region {} --principal-arn {} --type {}",
            entry.cluster, entry.region, entry.role, entry.kind
        )),
        Short::CutOff(_) => Some(
            "give them a way out: vpc.nat.gateway: Single in the file, a route of your own, or VPC endpoints for \
             ec2, ecr.api, ecr.dkr, eks, eks-auth, sts and s3"
                .to_owned(),
        ),
        Short::NoCni => Some("add vpc-cni to the file's addons".to_owned()),
        Short::NoCause(looked) => Some(console(looked)),
        Short::Unsettled(_) | Short::Health(_) | Short::NotReady { .. } | Short::NotJoined(_) => None,
    }
}

/// What shows how far an instance has come, in its own words.
fn console(looked: &Looked) -> String {
    let Looked { cluster, region, nodegroup, .. } = looked;
    let of = format!(
        "Name=tag:eks:cluster-name,Values={cluster} Name=tag:eks:nodegroup-name,Values={nodegroup} Name=instance-state-name,Values=running"
    );
    let id = format!(
        "aws ec2 describe-instances --region {region} --filters {of} \
         --query 'Reservations[0].Instances[0].InstanceId' --output text"
    );
    format!(
        "one of them says how far it came: aws ec2 get-console-output --region {region} --output text --instance-id $({id})"
    )
}

/// What was waited for when somebody stopped the run.
pub(super) fn awaited(inside: Option<&Inside>) -> Vec<String> {
    let Some(inside) = inside.filter(|it| it.stopped) else { return Vec::new() };
    let api = inside.api.as_ref().err().map(|why| format!("  left   the cluster's API server: {why}"));
    let short = inside.nodes.iter().filter(|it| !it.are_ready());
    let nodes = short.map(|it| {
        let wanted = count(it.wanted, "node");
        format!("  left   nodegroup {}: {} of {wanted} Ready: {}", it.nodegroup, it.ready, reasons(&it.short))
    });
    let unwritten = inside.kubeconfig.as_ref().and_then(|written| written.as_ref().err());
    let unwritten = unwritten.map(|why| format!("error: the kubeconfig was not written: {why}"));
    api.into_iter().chain(nodes).chain(unwritten).collect()
}

/// The end of a run that has done all that AWS had to do, and in which Kubernetes is not as it was wanted.
pub fn unfinished(end: &End<'_>, inside: &Inside) -> String {
    let mut lines = vec![format!(
        "{} is made, {} done; but not all of it could be seen to be ready.",
        end.cluster,
        count(end.summary.done, "change")
    )];
    lines.extend(troubles(inside));
    lines.push(format!("  took   {}", times(end)));
    if let Some(Ok(written)) = &inside.kubeconfig {
        lines.push(format!("  kubeconfig  {}", kubeconfig(written)));
    }
    let next = match (&inside.api, &inside.kubeconfig) {
        (Ok(()), Some(Ok(written))) => {
            let context = context(written);
            let node = not_ready(inside).map(|name| format!("; kubectl describe node {name}{context}"));
            format!("kubectl get nodes{context}{}", node.unwrap_or_default())
        }
        (Ok(()), Some(Err(_)) | None) => write_kubeconfig(end),
        (Err(Unreached::Denied(_)), _) => entry(end),
        (Err(_), _) => format!("from where it can be reached: {}", write_kubeconfig(end)),
    };
    lines.push(format!("  next   {next}"));
    lines.join("\n")
}

/// The first of the nodes that are there and not Ready.
fn not_ready(inside: &Inside) -> Option<&String> {
    inside.nodes.iter().flat_map(|it| &it.short).find_map(|short| match short {
        Short::NotReady { nodes, .. } => nodes.first(),
        _ => None,
    })
}

/// How somebody who has access gives it to the caller.
fn entry(end: &End<'_>) -> String {
    let (cluster, facts) = (end.cluster, end.facts);
    let of =
        format!("--cluster-name {cluster} --region {} --principal-arn {}", facts.region, principal(facts));
    let policy =
        format!("arn:{}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", facts.partition());
    format!(
        "who has access gives it to the caller, in the file under accessConfig.accessEntries, or:\n         \
         aws eks create-access-entry {of}\n         \
         aws eks associate-access-policy {of} --access-scope type=cluster --policy-arn {policy}\n         \
         then {}",
        end.again
    )
}

/// Whom an access entry names to let the caller in: of a session its role, which an ARN of STS shows without its path.
fn principal(facts: &Facts) -> String {
    let (arn, account) = (&facts.caller.arn, &facts.caller.account);
    let role = arn.split_once(":assumed-role/").and_then(|(_, rest)| rest.split('/').next());
    role.map_or_else(|| arn.clone(), |role| format!("arn:{}:iam::{account}:role/{role}", facts.partition()))
}

/// The flag by which kubectl is told which cluster is meant, where it would not know by itself.
pub(super) fn context(written: &Kubeconfig) -> String {
    if written.current { String::new() } else { format!(" --context {}", written.context) }
}

/// The command that writes the entry in the kubeconfig, which is wanting.
pub(super) fn write_kubeconfig(end: &End<'_>) -> String {
    // Somebody has put a device in the place of the file.
    let is_none = end.inside.is_some_and(|it| it.kubeconfig.is_none());
    let file = if is_none { " --kubeconfig FILE" } else { "" };
    format!("eksact utils write-kubeconfig --cluster {} --region {}{file}", end.cluster, end.facts.region)
}

/// The same for programs.
pub fn object(inside: &Inside) -> Value {
    let group = |it: &NodesOf| {
        let short: Vec<String> = it.short.iter().map(reason).collect();
        json!({ "nodegroup": it.nodegroup, "ready": it.ready, "wanted": it.wanted, "short": short })
    };
    let kubeconfig = inside.kubeconfig.as_ref().map(|written| match written {
        Ok(it) => {
            json!({ "path": it.path, "context": it.context, "current": it.current, "backup": it.backup })
        }
        Err(why) => json!({ "error": why }),
    });
    json!({
        "apiServer": match &inside.api { Ok(()) => "reached".to_owned(), Err(why) => why.to_string() },
        "kubeconfig": kubeconfig,
        "missing": inside.missing.iter().map(|(name, why)| json!({ "nodegroup": name, "why": reasons(why) }))
            .collect::<Vec<_>>(),
        "nodes": inside.nodes.iter().map(group).collect::<Vec<_>>(),
    })
}

fn has(number: usize) -> String {
    format!("{} {}", count(number, "instance"), if number == 1 { "has" } else { "have" })
}
