//! `AWS::IAM::Role`, made by one call for itself and one for each of its policies.

use std::collections::BTreeMap;

use super::Operation;
use crate::resource::key::within;
use crate::resource::{
    self, Added, Calls, Comparison, Incomplete, Json, Key, Live, Resource, STATELESS, Set,
};
use crate::resource::{Standing, Tags, Val, attributes, properties};

attributes! {
    /// The ARN of a role.
    RoleArn of Role = "Arn";
    /// The name of a role.
    RoleName of Role = "RoleName";
}

properties! {
    /// What a service, a node or a workload may do.
    pub struct Role {
        /// AWS's name for it, taken when it is made.
        open role_name: String => Replace;
        /// Where it is filed, and listed; AWS does not move one.
        write path: String;
        /// Who may take it.
        exact assume_role_policy_document: Val<Json> => InPlace;
        /// Policies that stand elsewhere, by ARN.
        exact managed_policy_arns: Set<String> => InPlace;
        /// Policies of its own, by name.
        exact policies: BTreeMap<String, Val<Json>> => InPlace;
        /// The policy beyond which it may do nothing, by ARN.
        exact permissions_boundary: Option<String> => InPlace;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

impl Role {
    /// The attribute that says when it was made, in RFC 3339. IAM takes a while to tell all of AWS.
    pub const CREATED: &'static str = "CreateDate";

    fn aws_name(&self) -> Result<String, Incomplete> {
        self.role_name.clone().ok_or(Incomplete::Lacks("RoleName"))
    }

    fn attach(name: &str, arn: &str) -> Operation {
        Operation::AttachRolePolicy { role_name: name.to_owned(), policy_arn: arn.to_owned() }
    }

    fn detach(name: &str, arn: &str) -> Operation {
        Operation::DetachRolePolicy { role_name: name.to_owned(), policy_arn: arn.to_owned() }
    }

    fn put(name: &str, (policy, document): (&String, &Val<Json>)) -> Operation {
        let (role_name, policy_name) = (name.to_owned(), policy.clone());
        Operation::PutRolePolicy { role_name, policy_name, policy_document: document.clone() }
    }

    fn drop(name: &str, policy: &str) -> Operation {
        Operation::DeleteRolePolicy { role_name: name.to_owned(), policy_name: policy.to_owned() }
    }

    /// The call that sets or takes away what it may do nothing beyond.
    fn bound(&self, name: &str) -> Operation {
        let role_name = name.to_owned();
        match self.permissions_boundary.clone() {
            Some(permissions_boundary) => {
                Operation::PutRolePermissionsBoundary { role_name, permissions_boundary }
            }
            None => Operation::DeleteRolePermissionsBoundary { role_name },
        }
    }

    fn retag(&self, live: &Self, name: &str) -> Vec<resource::Operation> {
        let (untagged, tagged) = (name.to_owned(), name.to_owned());
        self.tags.retag(
            &live.tags,
            |tag_keys| Operation::UntagRole { role_name: untagged, tag_keys },
            |tags| Operation::TagRole { role_name: tagged, tags },
        )
    }
}

impl Resource for Role {
    const ID: &'static str = "RoleId";
    const STATES: &'static [(&'static str, Standing)] = STATELESS;

    fn name(&self) -> Option<&str> {
        self.role_name.as_deref()
    }

    /// Where no name is desired: one that `desired` has given says the region, too.
    fn take_name(&mut self, key: &Key, _: &[&str]) -> Result<(), Incomplete> {
        let name = match self.role_name.take() {
            Some(name) => name,
            None => format!("{}-{}", self.tags.cluster()?, key.name),
        };
        self.role_name = Some(within(64, name));
        Ok(())
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        let name = self.aws_name()?;
        let create = Operation::CreateRole {
            role_name: name.clone(),
            path: self.path.clone(),
            assume_role_policy_document: self.assume_role_policy_document.clone(),
            permissions_boundary: self.permissions_boundary.clone(),
            tags: self.tags.clone(),
        };
        let attach = self.managed_policy_arns.0.iter().map(|arn| Self::attach(&name, arn));
        let put = self.policies.iter().map(|policy| Self::put(&name, policy));
        Ok([create].into_iter().chain(attach).chain(put).map(Into::into).collect())
    }

    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let (name, was) = (live.properties.aws_name()?, &live.properties);
        let trust = how.touches("AssumeRolePolicyDocument").then(|| Operation::UpdateAssumeRolePolicy {
            role_name: name.clone(),
            policy_document: self.assume_role_policy_document.clone(),
        });
        let bound = how.touches("PermissionsBoundary").then(|| self.bound(&name));
        let (wanted, had) = (&self.managed_policy_arns, &was.managed_policy_arns);
        let attach = wanted.without(had).map(|arn| Self::attach(&name, arn));
        let detach = had.without(wanted).map(|arn| Self::detach(&name, arn));
        let changed = self.policies.iter().filter(|(policy, text)| was.policies.get(*policy) != Some(*text));
        let put = changed.map(|policy| Self::put(&name, policy));
        let gone = was.policies.keys().filter(|policy| !self.policies.contains_key(*policy));
        let drop = gone.map(|policy| Self::drop(&name, policy));
        let operations = trust.into_iter().chain(bound).chain(attach).chain(put).chain(detach).chain(drop);
        Ok(operations.map(Into::into).chain(self.retag(was, &name)).collect())
    }

    fn delete(live: &Live<Self>) -> Calls {
        let name = live.properties.aws_name()?;
        // Foreign policies too: IAM does not delete a role that has any.
        let detach = live.properties.managed_policy_arns.0.iter().map(|arn| Self::detach(&name, arn));
        let drop = live.properties.policies.keys().map(|policy| Self::drop(&name, policy));
        let delete = Operation::DeleteRole { role_name: name.clone() };
        Ok(detach.chain(drop).chain([delete]).map(Into::into).collect())
    }
}
