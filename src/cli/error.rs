//! Why a command fails, in words that say what to do.

use std::io::ErrorKind;

use super::Exit;
use super::preflight::Besides;
use crate::aws::ConnectError;
use crate::config::{Diagnostic, Source};
use crate::ops::{Among, Left, OpsError};
use crate::view::diagnostics::place;
use crate::view::report::Report;
use crate::world::{Class, WorldError};

/// What each of AWS's protocols says where an access key is not AWS's.
const UNKNOWN_CREDENTIALS: [&str; 4] =
    ["AuthFailure", "InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException"];
/// The code of a call to somebody who proves itself by an authority that is not known here.
const UNTRUSTED: &str = "UntrustedCertificate";
/// What to do about what is refused, or could not be brought about.
const AGAIN: &str = "see to what is said there, then run the same command again";
/// How the code of an answer begins that brought none of AWS's codes along, only an HTTP status.
const NO_CODE: &str = "HTTP";

/// Why a command fails.
#[derive(Debug)]
pub(super) struct CommandError {
    /// How the program ends.
    pub exit: Exit,
    /// What went wrong.
    pub what: What,
    /// What else stands in the way.
    pub besides: Option<Box<Besides>>,
    /// What to type or do next.
    pub hints: Vec<String>,
}

/// What went wrong.
#[derive(Debug)]
pub(super) enum What {
    /// One sentence.
    Message(String),
    /// Something in a file, at its places.
    File(Box<Report>),
}

impl CommandError {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, what: What::Message(message.into()), besides: None, hints: Vec::new() }
    }

    /// The system gives the program no thread or file that it needs before it does anything.
    pub fn of_system(what: &str, error: &std::io::Error) -> Self {
        Self::new(Exit::Failed, format!("cannot {what}: {error}"))
            .hint("what this process may have is shown by: ulimit -a")
    }

    /// Something that flags and file alone show.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// A file that is to be written, and cannot be.
    pub fn unwritable(name: &str, error: &std::io::Error) -> Self {
        let failed = Self::usage(format!("cannot write {name}: {error}"));
        match error.kind() {
            ErrorKind::NotFound => {
                failed.hint("its folder is not there: make it with mkdir -p, or name another file")
            }
            _ => failed.hint("name a file that you may write"),
        }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// What is wrong with a file, before AWS is asked or after.
    pub fn file(exit: Exit, source: &Source, diagnostics: Vec<Diagnostic>) -> Self {
        let report = Report { source: source.clone(), diagnostics, departures: Vec::new(), denied: false };
        Self { exit, what: What::File(Box::new(report)), besides: None, hints: Vec::new() }
    }

    /// With what else stands in the way.
    pub fn besides(self, besides: Option<Besides>) -> Self {
        Self { besides: besides.map(Box::new), ..self }
    }

    /// Why a job cannot be done, with places in the file where it has some.
    pub fn of(error: OpsError, source: Option<&Source>) -> Self {
        match (error, source) {
            (OpsError::World(error), _) => error.into(),
            (OpsError::File { wrong, .. }, Some(source)) => Self::file(Exit::Failed, source, wrong),
            (error @ OpsError::Account { place: Some(at), .. }, Some(source)) => {
                let at = place(source, at);
                Self::new(Exit::Failed, format!("{error}: {at}")).hint("nothing was touched")
            }
            (error @ OpsError::Account { .. }, _) => {
                Self::new(Exit::Failed, error.to_string()).hint("nothing was touched")
            }
            (OpsError::NotOurs { name, id }, _) => Self::new(
                Exit::Failed,
                format!("cluster {name} is not ours: it carries no tag of eksact ({id})"),
            )
            .hint("it was made by another tool, or by hand, and is left as it is: give yours another name"),
            (ref error @ OpsError::Untagged { ref name, ref id, .. }, _) => {
                let failed = Self::new(Exit::Failed, format!("{error} ({id})")).hint("nothing was touched");
                failed.hint(format!("if it is yours, put its tags back: {}", tag_again(name, id)))
            }
            (error @ OpsError::Unreached { .. }, _) => Self::new(Exit::Failed, error.to_string())
                .hint("nothing was changed, in AWS neither: what stands in both is done from where both answer")
                .hint("a private endpoint answers inside its VPC; who is let in stands in accessConfig.accessEntries"),
            (ref error @ OpsError::Protected { ref name, ref region }, source) => {
                let failed = Self::new(Exit::Failed, error.to_string()).hint("nothing was touched");
                unprotect((name, region), source).into_iter().fold(failed, Self::hint)
            }
            (ref error @ OpsError::Left { ref left, .. }, _) => {
                let (failed, size) = (Self::new(Exit::Failed, error.to_string()), left.size);
                failed.hint(bounds(left)).hint(format!("--despite-autoscaler sets {size} all the same"))
            }
            (OpsError::Contradiction { what, next }, _) => Self::new(Exit::Failed, what).hint(next),
            (ref error @ OpsError::NotThere { ref among, .. }, _) => {
                Self::new(Exit::Failed, error.to_string()).hint(listed(among))
            }
            (error @ OpsError::Broken { .. }, _) => Self::new(Exit::Failed, error.to_string()).hint(AGAIN),
            (error @ OpsError::File { .. }, None) => Self::new(Exit::Failed, error.to_string()),
        }
    }
}

impl From<OpsError> for CommandError {
    fn from(error: OpsError) -> Self {
        Self::of(error, None)
    }
}

/// Where those are to be seen that there are.
fn listed(among: &Among) -> String {
    let Among { kind, cluster, region } = among;
    match cluster {
        Some(cluster) => {
            format!("eksact get {kind} --cluster {cluster} --region {region} lists those that there are")
        }
        None => {
            format!("eksact get {kind} --region {region} lists those that there are; --region asks elsewhere")
        }
    }
}

/// What makes a cluster ours again that has lost its tags.
fn tag_again(name: &str, arn: &str) -> String {
    let region = arn.split(':').nth(3).unwrap_or_default();
    let tags = format!("eksact.dev/cluster={name},eksact.dev/key=cluster/{name}");
    format!("aws eks tag-resource --region {region} --resource-arn {arn} --tags {tags}")
}

/// What takes the protection away: the file where it may say so, and AWS's own program.
fn unprotect((name, region): (&str, &str), source: Option<&Source>) -> Vec<String> {
    // What came through a pipe has no place to be changed at.
    let file = source.filter(|source| source.name != "stdin").map(|source| {
        let file = &source.name;
        format!(
            "write `deletionProtection: false` (apiVersion eksact.dev/v1alpha1), then eksact apply -f {file}"
        )
    });
    let aws =
        format!("aws eks update-cluster-config --region {region} --name {name} --no-deletion-protection");
    file.into_iter().chain([aws]).collect()
}

/// The bounds that hold an autoscaler to a size.
fn bounds(left: &Left) -> String {
    let (size, (min, desired, max)) = (left.size, left.before);
    match size > desired {
        true if size > max => format!("--nodes-min {size} --nodes-max {size} holds that many"),
        true => format!("--nodes-min {size} holds at least that many"),
        false if size < min => format!("--nodes-min {size} --nodes-max {size} holds that many"),
        false => format!("--nodes-max {size} holds at most that many"),
    }
}

impl From<WorldError> for CommandError {
    fn from(error: WorldError) -> Self {
        let request = error.request_id.as_ref().map(|id| format!(" (request {id})"));
        let message = format!("{error}{}", request.unwrap_or_default());
        let failed = Self::new(Exit::Failed, message);
        if UNKNOWN_CREDENTIALS.contains(&error.code.as_str()) {
            return failed.hint("AWS does not know these credentials: give others, nothing was changed");
        }
        if error.code == UNTRUSTED {
            return failed.hint(
                "a proxy that opens TLS, or an endpoint of your own: give its authority with --ca-bundle FILE or AWS_CA_BUNDLE",
            );
        }
        if error.code.starts_with(NO_CODE) {
            return failed.hint("that is no answer of AWS's: check AWS_ENDPOINT_URL, proxies and network");
        }
        match error.class {
            Class::Denied => {
                failed.hint(format!("the caller may not {}: nothing was changed", error.operation))
            }
            Class::Expired => failed.hint("renew the credentials, and run again: nothing was changed"),
            Class::Ambiguous => {
                failed.hint("AWS could not be reached, or did not answer: check endpoint, network and region")
            }
            Class::Limit => failed.hint("a quota is used up: raise it in Service Quotas"),
            Class::Throttled => failed.hint("AWS asks for fewer calls: wait a little, and run again"),
            Class::Busy => {
                failed.hint("AWS is at something else there: wait until that is over, and run again")
            }
            Class::Refused | Class::NotFound | Class::Exists => failed.hint(AGAIN),
        }
    }
}

impl From<ConnectError> for CommandError {
    fn from(error: ConnectError) -> Self {
        let failed = Self::new(Exit::Failed, error.to_string());
        match error {
            ConnectError::NoRegion => failed,
            ConnectError::Mfa { chosen, .. } => failed.hint(format!(
                "let the AWS CLI ask: eval \"$(aws configure export-credentials --profile {chosen} --format env)\", then run again without --profile"
            )),
            ConnectError::Trust(_) => failed.hint("--ca-bundle, AWS_CA_BUNDLE and ca_bundle take a PEM file"),
            ConnectError::NoCredentials(_) => failed.hint(
                "give --profile, set AWS_PROFILE or AWS_ACCESS_KEY_ID, or renew your session (aws sso login)",
            ),
        }
    }
}
