//! What AWS's errors mean: one table, by code, and where there is no code by how far the call came.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ec2::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::resource::Effect;
use crate::world::{Class, WorldError};

/// The code of a call whose answer did not come in time.
const TIMEOUT: &str = "Timeout";
/// The code of a call that found nobody, or was cut off.
const CONNECTION: &str = "ConnectionFailed";
/// The code of a call to somebody who proves itself by an authority that is not known here.
const UNTRUSTED: &str = "UntrustedCertificate";
/// The code of an answer that is not one.
const UNREADABLE: &str = "UnreadableAnswer";
/// The code of a call that was never sent.
const UNSENDABLE: &str = "UnsendableRequest";
/// The code where there is nothing to sign with.
const CREDENTIALS: &str = "CredentialsNotLoaded";

/// What one call came to, in the engine's words. Without an effect it was a read.
pub(super) fn failure<E>(
    operation: &'static str,
    effect: Option<Effect>,
    error: &SdkError<E, HttpResponse>,
) -> WorldError
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    let (class, code, message) = match error {
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            let code = error.code().map_or_else(|| format!("HTTP{status}"), str::to_owned);
            let message = error.message().map_or_else(|| chain(error), str::to_owned);
            let class = match class(&code, status, (operation, effect)) {
                Class::NotFound if effect.is_some() && is_of_policy(&message) => Class::Refused,
                class => class,
            };
            (class, code, message)
        }
        SdkError::ResponseError(_) => (Class::Ambiguous, UNREADABLE.to_owned(), chain(error)),
        SdkError::TimeoutError(_) => (Class::Ambiguous, TIMEOUT.to_owned(), "no answer in time".to_owned()),
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => unsent(error),
        _ => (Class::Ambiguous, UNREADABLE.to_owned(), chain(error)),
    };
    let request_id = error.meta().request_id().or_else(|| error.request_id()).map(str::to_owned);
    WorldError { class, code, message, operation, request_id }
}

/// Whether what is not found is not what the call is about, but a policy that was to be attached to it: a role that is
/// young comes to be known, but a name that is mistyped does not. IAM has one code for both, and its words alone tell
/// them apart.
fn is_of_policy(message: &str) -> bool {
    message.contains("does not exist or is not attachable")
}

/// A call that is not AWS's to answer.
pub(super) fn elsewhere(operation: &'static str) -> WorldError {
    let message = "the cluster's API server is left out here".to_owned();
    WorldError { class: Class::Refused, code: "NotAws".to_owned(), message, operation, request_id: None }
}

/// An answer to a read that lacks what was asked for: nothing is said of what there is.
pub(super) fn lacking(operation: &'static str, what: &str) -> WorldError {
    let (code, message) = (UNREADABLE.to_owned(), format!("the answer lacks {what}"));
    WorldError { class: Class::Ambiguous, code, message, operation, request_id: None }
}

/// What it means that a call did not get as far as an answer.
fn unsent<E>(error: &SdkError<E, HttpResponse>) -> (Class, String, String)
where
    E: StdError + 'static,
{
    if let Some(credentials) = find::<CredentialsError>(error) {
        let class = match credentials {
            CredentialsError::CredentialsNotLoaded(_) | CredentialsError::InvalidConfiguration(_) => {
                Class::Denied
            }
            CredentialsError::ProviderTimedOut(_) => Class::Ambiguous,
            // There were some when the program began.
            _ => Class::Expired,
        };
        return (class, CREDENTIALS.to_owned(), credentials_message(credentials));
    }
    let code = match error {
        SdkError::ConstructionFailure(_) => return (Class::Refused, UNSENDABLE.to_owned(), chain(error)),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => TIMEOUT,
        _ if is_untrusted(error) => UNTRUSTED,
        _ => CONNECTION,
    };
    (Class::Ambiguous, code.to_owned(), chain(error))
}

/// Why there are no credentials, as a person would say it.
pub(super) fn credentials_message(error: &CredentialsError) -> String {
    let what = match error {
        CredentialsError::CredentialsNotLoaded(_) => "no AWS credentials found",
        _ => "no AWS credentials",
    };
    if let Some(answer) = find::<ErrorMetadata>(error)
        && let (Some(code), Some(message)) = (answer.code(), answer.message())
    {
        return format!("{what}: {code}, \"{message}\"");
    }
    error.source().map_or_else(|| what.to_owned(), |why| format!("{what}: {}", chain(why)))
}

/// Whether nobody listens where the call was to go: that does not change within seconds.
pub(super) fn is_refused_connection(error: &ConnectorError) -> bool {
    let refused = |it: &std::io::Error| it.kind() == std::io::ErrorKind::ConnectionRefused;
    find::<std::io::Error>(error).is_some_and(refused)
}

/// Whether the other side proves itself by an authority that is not known here: a proxy that opens TLS, say.
pub(super) fn is_untrusted(error: &(dyn StdError + 'static)) -> bool {
    find::<rustls::Error>(error).is_some_and(|it| matches!(it, rustls::Error::InvalidCertificate(_)))
}

fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    causes(error).find_map(|error| error.downcast_ref())
}

/// An error, and what it comes from.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<std::io::Error>() {
        // One of these speaks for what is in it, and names only what that comes from.
        Some(outer) => outer.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
        None => error.source(),
    })
}

/// An error and its causes, each that says more than the one before.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut told: Vec<String> = Vec::new();
    for error in causes(error) {
        let text = error.to_string();
        if !told.last().is_some_and(|last| last.ends_with(&text)) {
            told.push(text);
        }
    }
    told.join(": ")
}

/// What a code means; where it is not known here, what its HTTP status does.
fn class(code: &str, status: u16, call: (&str, Option<Effect>)) -> Class {
    let by_status = match status {
        // It was done, by all appearances, but what is told of it cannot be read.
        ..=399 => Class::Ambiguous,
        401 | 403 => Class::Denied,
        429 => Class::Throttled,
        // An endpoint does not have the operation: nothing is said of what there is. Nor will it the next time.
        404 | 501 => Class::Refused,
        500.. => Class::Ambiguous,
        _ => Class::Refused,
    };
    match by_code(code, call) {
        // Some that imitate AWS call it a failure that may pass.
        Some(Class::Ambiguous) if status == 501 => by_status,
        by_code => by_code.unwrap_or(by_status),
    }
}

fn by_code(code: &str, (operation, effect): (&str, Option<Effect>)) -> Option<Class> {
    let creates = effect == Some(Effect::Creates);
    Some(match code {
        // So EC2 says that an address is still in use, as if it were somebody else's.
        "AuthFailure" if operation == "ec2:ReleaseAddress" => Class::Busy,
        // And so that an interface is.
        "InvalidParameterValue" if operation == "ec2:DeleteNetworkInterface" => Class::Busy,

        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Class::Expired,

        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "AuthFailure"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "OptInRequired" => Class::Denied,

        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "RequestLimitExceeded"
        | "BandwidthLimitExceeded"
        | "TooManyRequestsException"
        | "EC2ThrottledException"
        | "PriorRequestNotComplete"
        | "SlowDown" => Class::Throttled,

        "EntityAlreadyExists"
        | "InvalidLaunchTemplateName.AlreadyExistsException"
        | "InvalidSubnet.Conflict"
        | "ResourceAlreadyExistsException"
        | "Resource.AlreadyAssociated"
        | "RouteAlreadyExists" => Class::Exists,
        // A name that is taken; or something that is busy, or still used.
        "ResourceInUseException" if creates => Class::Exists,

        "ResourceInUseException"
        | "ConcurrentModification"
        | "DeleteConflict"
        | "DependencyViolation"
        | "EntityTemporarilyUnmodifiable"
        | "IncorrectState"
        | "OperationAbortedException"
        | "InvalidGroup.InUse"
        | "InvalidIPAddress.InUse"
        | "InvalidNetworkInterface.InUse"
        | "VolumeInUse" => Class::Busy,

        // To go it need not be attached; for something to be made it must.
        "Gateway.NotAttached" if !creates => Class::NotFound,

        "InternalError"
        | "InternalFailure"
        | "ServerException"
        | "ServiceFailure"
        | "ServiceUnavailable"
        | "ServiceUnavailableException"
        | "Unavailable" => Class::Ambiguous,

        "NotImplemented" => Class::Refused,

        code if code.starts_with("NoSuch") => Class::NotFound,
        code if code.ends_with("NotFound") || code.ends_with("NotFoundException") => Class::NotFound,
        code if code.ends_with("LimitExceeded") || code.ends_with("LimitExceededException") => Class::Limit,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: (&str, Option<Effect>) = ("ec2:DescribeVpcs", None);

    #[test]
    fn a_code_has_one_meaning_whatever_its_status() {
        let cases = [
            (Class::Expired, "ExpiredToken ExpiredTokenException RequestExpired"),
            (Class::Denied, "AccessDenied AccessDeniedException UnauthorizedOperation AuthFailure"),
            (Class::Denied, "UnrecognizedClientException InvalidClientTokenId SignatureDoesNotMatch"),
            (
                Class::Throttled,
                "Throttling ThrottlingException RequestLimitExceeded TooManyRequestsException",
            ),
            (Class::Limit, "AddressLimitExceeded VpcLimitExceeded LimitExceeded NatGatewayLimitExceeded"),
            (Class::Limit, "ResourceLimitExceededException LimitExceededException ResourceLimitExceeded"),
            (Class::NotFound, "NoSuchEntity ResourceNotFoundException InvalidVpcID.NotFound"),
            (Class::NotFound, "InvalidVolume.NotFound"),
            (Class::NotFound, "InvalidLaunchTemplateName.NotFoundException NatGatewayNotFound"),
            (Class::NotFound, "InvalidLaunchTemplateId.VersionNotFound InvalidAssociationID.NotFound"),
            (Class::Exists, "EntityAlreadyExists InvalidSubnet.Conflict RouteAlreadyExists"),
            (Class::Busy, "DependencyViolation DeleteConflict ConcurrentModification VolumeInUse"),
            (Class::Refused, "NotImplemented"),
        ];
        for (expected, codes) in cases {
            for code in codes.split(' ') {
                for status in [400, 403, 404, 500, 501, 503] {
                    assert_eq!(class(code, status, READ), expected, "{code} {status}");
                }
            }
        }
    }

    #[test]
    fn a_failure_that_may_pass_is_none_where_the_operation_is_not_there() {
        for code in ["InternalError", "InternalFailure", "ServiceUnavailableException", "ServerException"] {
            for status in [400, 403, 404, 500, 503] {
                assert_eq!(class(code, status, READ), Class::Ambiguous, "{code} {status}");
            }
            assert_eq!(class(code, 501, READ), Class::Refused, "{code}");
        }
    }

    #[test]
    fn a_code_that_is_not_known_means_what_its_status_does() {
        let cases = [
            (200, Class::Ambiguous),
            (302, Class::Ambiguous),
            (400, Class::Refused),
            (401, Class::Denied),
            (403, Class::Denied),
            (404, Class::Refused),
            (429, Class::Throttled),
            (500, Class::Ambiguous),
            (501, Class::Refused),
            (502, Class::Ambiguous),
            (503, Class::Ambiguous),
        ];
        for (status, expected) in cases {
            assert_eq!(class("InvalidParameterException", status, READ), expected, "{status}");
        }
    }

    #[test]
    fn in_use_is_a_name_that_is_taken_or_something_busy() {
        let in_use = |effect| class("ResourceInUseException", 409, ("eks:Some", effect));
        assert_eq!(in_use(Some(Effect::Creates)), Class::Exists);
        assert_eq!([None, Some(Effect::Updates), Some(Effect::Deletes)].map(in_use), [Class::Busy; 3]);
        let unattached = |effect| class("Gateway.NotAttached", 400, ("ec2:Some", Some(effect)));
        assert_eq!(unattached(Effect::Creates), Class::Refused);
        assert_eq!(unattached(Effect::Updates), Class::NotFound);
        let release = ("ec2:ReleaseAddress", Some(Effect::Deletes));
        assert_eq!(class("AuthFailure", 401, release), Class::Busy);
        let delete = ("ec2:DeleteNetworkInterface", Some(Effect::Updates));
        assert_eq!(class("InvalidParameterValue", 400, delete), Class::Busy);
    }

    #[test]
    fn an_authority_that_is_not_known_is_found_wherever_it_hides() {
        use std::io::{Error, ErrorKind};
        let unknown = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let hidden = Error::other(Error::new(ErrorKind::InvalidData, unknown));
        assert!(is_untrusted(&hidden));
        assert_eq!(chain(&hidden), "invalid peer certificate: UnknownIssuer");
        assert!(!is_untrusted(&Error::other(Error::from(ErrorKind::ConnectionReset))));
        assert!(!is_untrusted(&rustls::Error::HandshakeNotComplete));
    }

    #[test]
    fn causes_are_told_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("{0}")]
        struct Layer(&'static str, #[source] Option<Box<Layer>>);
        let bottom = Layer("connection refused", None);
        let middle = Layer("io error: connection refused", Some(Box::new(bottom)));
        let top = Layer("dispatch failure", Some(Box::new(middle)));
        assert_eq!(chain(&top), "dispatch failure: io error: connection refused");
    }
}
