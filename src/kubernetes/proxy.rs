//! The way out of a network that has a proxy.

use aws_smithy_types::base64;
use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

/// The proxy that leads to an address, by `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, read as the
/// AWS SDK reads them.
pub(super) fn to(address: &Uri) -> Option<Uri> {
    by(&Matcher::from_env(), address)
}

fn by(matcher: &Matcher, address: &Uri) -> Option<Uri> {
    let way = matcher.intercept(address)?;
    let Some((user, password)) = who(&way) else { return Some(way.uri().clone()) };
    let (scheme, authority) = (way.uri().scheme_str()?, way.uri().authority()?);
    format!("{scheme}://{}:{}@{authority}", escaped(&user), escaped(&password)).parse().ok()
}

/// Name and password: of an HTTP proxy they are told as the header that it gets.
fn who(way: &Intercept) -> Option<(String, String)> {
    if let Some((user, password)) = way.raw_auth() {
        return Some((user.to_owned(), password.to_owned()));
    }
    let basic = way.basic_auth()?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(base64::decode(basic).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// As an address may have it.
fn escaped(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(proxy: &str, no: &str) -> Option<String> {
        let matcher = Matcher::builder().https(proxy.to_owned()).no(no.to_owned()).build();
        by(&matcher, &Uri::from_static("https://one.eks.test:8443")).map(|it| it.to_string())
    }

    #[test]
    fn a_proxy_is_given_the_name_and_the_password_that_stand_in_its_address() {
        let cases = [
            ("http://proxy:3128", "http://proxy:3128/"),
            ("proxy:3128", "http://proxy:3128/"),
            ("http://me:secret@proxy:3128", "http://me:secret@proxy:3128/"),
            ("http://me:p%40ss%3A%25@proxy:3128", "http://me:p%40ss%3A%25@proxy:3128/"),
            ("https://me@proxy", "https://me:@proxy/"),
            ("socks5://me:secret@proxy:1080", "socks5://me:secret@proxy:1080/"),
        ];
        for (proxy, expected) in cases {
            assert_eq!(through(proxy, "").as_deref(), Some(expected), "{proxy}");
        }
    }

    #[test]
    fn some_names_are_reached_without_one() {
        assert_eq!(through("http://proxy:3128", "eks.test"), None);
        assert_eq!(through("http://proxy:3128", "*"), None);
        assert!(through("http://proxy:3128", "other.test").is_some());
    }
}
