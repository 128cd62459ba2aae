//! How the API server of a cluster is reached, and by whom.

use super::Aws;
use super::eks::access_entry;
use super::eks::cluster::describe;
use super::live::{moment, text};
use crate::cluster::Timestamp;
use crate::world::WorldError;

/// How the API server of a cluster is reached, whoever made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The cluster's ARN.
    pub arn: String,
    /// The server's address.
    pub address: String,
    /// Its certificate authority, PEM in base64.
    pub certificate_authority: String,
    /// Whether it is reached from inside its VPC alone.
    pub is_private: bool,
    /// When the cluster was made, where AWS tells.
    pub made: Option<Timestamp>,
}

impl Aws {
    /// How the cluster is reached; nothing, if there is none, or EKS has not said where its server is.
    ///
    /// # Errors
    /// Where EKS cannot be asked.
    pub async fn reach(&self) -> Result<Option<Reach>, WorldError> {
        let Some(cluster) = describe(self).await? else { return Ok(None) };
        let authority = cluster.certificate_authority().and_then(|it| it.data()).unwrap_or_default();
        let address = cluster.endpoint().unwrap_or_default();
        if address.is_empty() || authority.is_empty() {
            return Ok(None);
        }
        let config = cluster.resources_vpc_config();
        Ok(Some(Reach {
            arn: text(cluster.arn()),
            address: address.to_owned(),
            certificate_authority: authority.to_owned(),
            is_private: config.is_some_and(|it| !it.endpoint_public_access()),
            made: moment(cluster.created_at()),
        }))
    }

    /// Whether the cluster has an access entry for a principal; nothing, where that is not said, or where entries
    /// are not what lets anybody in.
    pub async fn lets_in(&self, principal: &str) -> Option<bool> {
        access_entry::is_there(self, principal).await
    }
}
