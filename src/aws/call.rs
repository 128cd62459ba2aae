//! One mutating call on its way.

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::Aws;
use super::connect::Clients;
use super::errors::failure;
use crate::resource::{Attributes, Incomplete, Operation, Scalar, Val};
use crate::world::{Answer, Class, WorldError};

/// One operation, and where it is sent.
pub(super) struct Call<'a> {
    pub aws: &'a Aws,
    pub operation: &'a Operation,
}

impl Call<'_> {
    /// Who sends it.
    pub fn client(&self) -> &Clients {
        &self.aws.writes
    }

    /// What it came to.
    pub fn failed<E>(&self) -> impl Fn(SdkError<E, HttpResponse>) -> WorldError
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        |error| failure(self.operation.action(), Some(self.operation.manner().effect), &error)
    }

    /// One of its values.
    pub fn text<'v, T: Scalar>(&self, value: &'v Val<T>) -> Result<&'v str, WorldError> {
        value.known().map(AsRef::as_ref).ok_or_else(|| self.unsendable("a value of it is not known yet"))
    }

    /// Its client token.
    pub fn token(&self) -> Result<String, WorldError> {
        self.operation.token().map_err(|error: Incomplete| self.unsendable(&error.to_string()))
    }

    /// It cannot be put into the SDK's words, and so is not sent.
    pub fn unsendable(&self, message: &str) -> WorldError {
        let (code, message) = ("UnsendableRequest".to_owned(), message.to_owned());
        WorldError {
            class: Class::Refused,
            code,
            message,
            operation: self.operation.action(),
            request_id: None,
        }
    }
}

/// What a failed read came to.
pub(super) fn unread<E>(operation: &'static str) -> impl Fn(SdkError<E, HttpResponse>) -> WorldError
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    move |error| failure(operation, None, &error)
}

/// An answer that tells nothing.
pub(super) fn done() -> Answer {
    Answer::default()
}

/// An answer that tells of the thing that was made.
pub(super) fn made(attributes: Attributes) -> Answer {
    Answer { attributes, update: None }
}
