use futures::future::try_join_all;

use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::eks::cluster;
use crate::aws::live::{attributes, live, moment, still_there, text};
use crate::aws::tags::{of_iam, to_iam};
use crate::resource::eks::{Cluster, IssuerUrl};
use crate::resource::iam::OidcProvider;
use crate::resource::{Attributes, Key, Live, OneOf, Resource, Set, Tags, Val};
use crate::world::{Answer, Class, WorldError};

/// What stands in a provider's ARN before its issuer.
const IN_ARN: &str = ":oidc-provider/";

/// Those of issuers in the region, whoever made them: IAM has one list for all regions, and a cluster in
/// another one may have the same name.
pub(in crate::aws) async fn all(aws: &Aws) -> Result<Vec<Live>, WorldError> {
    let list = aws.reads.iam.list_open_id_connect_providers().send().await;
    let list = match list.map_err(unread("iam:ListOpenIDConnectProviders")) {
        // Where IAM has no providers there are none.
        Err(error) if error.class == Class::Refused => return Ok(Vec::new()),
        list => list?,
    };
    let arns = list.open_id_connect_provider_list().iter().filter_map(|it| it.arn());
    let here = arns.filter(|arn| is_of_region(arn, &aws.region));
    Ok(try_join_all(here.map(|arn| read(aws, arn))).await?.into_iter().flatten().collect())
}

/// `arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/…` is of `us-west-2`.
fn is_of_region(arn: &str, region: &str) -> bool {
    let issuer = arn.split_once(IN_ARN).map(|(_, issuer)| issuer);
    let host = issuer.and_then(|issuer| issuer.split('/').next()).unwrap_or_default();
    host.split('.').any(|label| label == region)
}

/// What there is under one key: ours, and one that is to be adopted.
pub(in crate::aws) async fn look(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let (providers, cluster) = futures::future::try_join(all(aws), cluster::describe(aws)).await?;
    let issuer = cluster.as_ref().and_then(|it| it.identity()?.oidc()?.issuer());
    let is_its = |live: &Live| key_of(aws, live) == Some(key.clone()) || is_adoptable(aws, live, issuer, key);
    Ok(providers.into_iter().filter(is_its).collect())
}

/// The key of one of ours.
pub(in crate::aws) fn key_of(aws: &Aws, live: &Live) -> Option<Key> {
    live.key().filter(|key| aws.is_marked(live) == Some(true) && key.kind == OidcProvider::TYPE)
}

/// Whether one that nobody has marked is for our cluster's issuer, and so for nothing else.
pub(in crate::aws) fn is_adoptable(aws: &Aws, live: &Live, issuer: Option<&str>, key: &Key) -> bool {
    let url = OidcProvider::of(&live.properties).and_then(|it| it.url.known());
    let its = url.map(|url| url.as_ref()).zip(issuer).is_some_and(|(url, issuer)| url == issuer);
    its && aws.is_marked(live).is_none() && key.kind == OidcProvider::TYPE
}

async fn read(aws: &Aws, arn: &str) -> Result<Option<Live>, WorldError> {
    let get = aws.reads.iam.get_open_id_connect_provider().open_id_connect_provider_arn(arn);
    let told = get.send().await.map_err(unread("iam:GetOpenIDConnectProvider"));
    let Some(told) = still_there(told)? else { return Ok(None) };
    let properties = OidcProvider {
        url: Val::Known(IssuerUrl::from(with_scheme(told.url().unwrap_or_default()))),
        client_id_list: Set(told.client_id_list().to_vec()),
        tags: of_iam(told.tags()),
    };
    Ok(live(properties, attributes_of(arn)).map(|live| Live { made: moment(told.create_date()), ..live }))
}

/// IAM tells an issuer without it.
fn with_scheme(url: &str) -> String {
    format!("https://{}", Cluster::issuer(url))
}

fn attributes_of(arn: &str) -> Attributes {
    attributes([(OidcProvider::ID, Some(arn))])
}

pub(super) async fn create(call: &Call<'_>, provider: &OidcProvider) -> Result<Answer, WorldError> {
    // IAM knows the authorities of AWS's own issuers: no thumbprint is needed.
    let create = call.client().iam.create_open_id_connect_provider().url(call.text(&provider.url)?);
    let create = create.set_client_id_list(Some(provider.client_id_list.sorted()));
    let answer = create.set_tags(Some(to_iam(&provider.tags))).send().await.map_err(call.failed())?;
    Ok(made(attributes_of(&text(answer.open_id_connect_provider_arn()))))
}

pub(super) async fn add(call: &Call<'_>, arn: &str, client: &str) -> Result<Answer, WorldError> {
    let add = call.client().iam.add_client_id_to_open_id_connect_provider();
    let add = add.open_id_connect_provider_arn(arn).client_id(client);
    add.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn remove(call: &Call<'_>, arn: &str, client: &str) -> Result<Answer, WorldError> {
    let remove = call.client().iam.remove_client_id_from_open_id_connect_provider();
    let remove = remove.open_id_connect_provider_arn(arn).client_id(client);
    remove.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn tag(call: &Call<'_>, arn: &str, tags: &Tags) -> Result<Answer, WorldError> {
    let tag = call.client().iam.tag_open_id_connect_provider().open_id_connect_provider_arn(arn);
    tag.set_tags(Some(to_iam(tags))).send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn untag(call: &Call<'_>, arn: &str, keys: &Set<String>) -> Result<Answer, WorldError> {
    let untag = call.client().iam.untag_open_id_connect_provider().open_id_connect_provider_arn(arn);
    untag.set_tag_keys(Some(keys.0.clone())).send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn delete(call: &Call<'_>, arn: &str) -> Result<Answer, WorldError> {
    let delete = call.client().iam.delete_open_id_connect_provider().open_id_connect_provider_arn(arn);
    delete.send().await.map(|_| done()).map_err(call.failed())
}

#[test]
fn an_issuer_says_in_its_name_which_region_it_is_of() {
    let arn = |issuer: &str| format!("arn:aws-cn:iam::123456789012:oidc-provider/{issuer}");
    let [here, there] = ["us-west-2", "us-west-1"].map(|region| {
        ["oidc.eks.us-west-2.amazonaws.com/id/0A", "oidc-eks.us-west-2.api.aws/id/0A"]
            .map(|issuer| is_of_region(&arn(issuer), region))
    });
    assert_eq!((here, there), ([true; 2], [false; 2]));
    assert!(!is_of_region(&arn("token.actions.githubusercontent.com/us-west-2"), "us-west-2"));
}
