//! The way out of a network that has a proxy.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

/// The proxy that leads to an address, by `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, read as the
/// AWS SDK reads them.
pub(super) fn to(address: &Uri) -> Option<Uri> {
    let way = Matcher::from_env().intercept(address)?;
    let Some((user, password)) = way.raw_auth() else { return Some(way.uri().clone()) };
    let (scheme, authority) = (way.uri().scheme_str()?, way.uri().authority()?);
    format!("{scheme}://{user}:{password}@{authority}").parse().ok()
}
