//! `AWS::IAM::OIDCProvider`: IAM believes what the cluster's issuer says of its service accounts.

use super::Operation;
use crate::resource::eks::IssuerUrl;
use crate::resource::{self, Added, Calls, Comparison, Live, Resource, STATELESS, Set};
use crate::resource::{Standing, Tags, Val, attributes, properties};

attributes! {
    /// The ARN of a provider.
    OidcProviderArn of OidcProvider = "Arn";
}

properties! {
    /// Whose word IAM takes for who a pod is.
    pub struct OidcProvider {
        /// The issuer, `https://` and all: its identity in the account. That of another cluster is another one.
        exact url: Val<IssuerUrl> => Replace;
        /// Whom its tokens are meant for.
        exact client_id_list: Set<String> => InPlace;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

/// What it is called as long as its issuer is not known.
const UNISSUED: &str = "the cluster's issuer";

impl OidcProvider {
    fn add(&self, arn: &str, client_id: &str) -> Operation {
        Operation::AddClientIDToOpenIDConnectProvider { arn: arn.to_owned(), client_id: client_id.to_owned() }
    }

    fn remove(&self, arn: &str, client_id: &str) -> Operation {
        let (arn, client_id) = (arn.to_owned(), client_id.to_owned());
        Operation::RemoveClientIDFromOpenIDConnectProvider { arn, client_id }
    }

    fn retag(&self, live: &Live<Self>) -> Vec<resource::Operation> {
        let (untagged, tagged) = (live.id.clone(), live.id.clone());
        self.tags.retag(
            &live.properties.tags,
            |tag_keys| Operation::UntagOpenIDConnectProvider { arn: untagged, tag_keys },
            |tags| Operation::TagOpenIDConnectProvider { arn: tagged, tags },
        )
    }
}

impl Resource for OidcProvider {
    const ID: &'static str = "Arn";
    const STATES: &'static [(&'static str, Standing)] = STATELESS;

    fn name(&self) -> Option<&str> {
        Some(self.url.known().map_or(UNISSUED, AsRef::as_ref))
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        Ok(vec![Operation::CreateOpenIDConnectProvider { oidc_provider: self.clone() }.into()])
    }

    /// First what marks it as ours, which one that somebody made for our issuer is not.
    fn update(&self, live: &Live<Self>, _: &Comparison) -> Calls {
        let (wanted, had) = (&self.client_id_list, &live.properties.client_id_list);
        let add = wanted.without(had).map(|client| self.add(&live.id, client));
        let remove = had.without(wanted).map(|client| self.remove(&live.id, client));
        let clients: Vec<resource::Operation> = add.chain(remove).map(Into::into).collect();
        Ok([self.retag(live), clients].concat())
    }

    fn delete(live: &Live<Self>) -> Calls {
        Ok(vec![Operation::DeleteOpenIDConnectProvider { arn: live.id.clone() }.into()])
    }
}
