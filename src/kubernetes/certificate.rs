//! Certificates of webhooks: made here, kept in the cluster, and known to nobody else.
//!
//! The authority stays the same when a certificate is renewed, so that no webhook is out of reach meanwhile:
//! its key is kept beside the certificate's own, in the Secret that can be read by whoever may use that.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::tz::TimeZone;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest, Sha256};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::cluster::Timestamp;
use crate::resource::Attributes;
use crate::resource::kubernetes::State;

/// How long before its end a certificate is renewed.
const AHEAD: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// How many years a certificate holds, and its authority.
const YEARS: (i16, i16) = (10, 20);

/// What is in a Secret, by its keys; each is PEM.
const AUTHORITY: &str = "ca.crt";
const AUTHORITY_KEY: &str = "ca.key";
const CERTIFICATE: &str = "tls.crt";
const KEY: &str = "tls.key";

/// What a Secret holds. It is not `Debug`, for it holds keys.
#[derive(Clone, Default)]
pub(super) struct Pair(BTreeMap<String, String>);

/// Why none can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a certificate cannot be made: {0}")]
pub(super) struct Unmade(String);

impl From<rcgen::Error> for Unmade {
    fn from(error: rcgen::Error) -> Self {
        Self(error.to_string())
    }
}

impl Pair {
    /// What the data of a Secret says, in base64.
    pub fn of(data: &serde_json::Value) -> Self {
        let text =
            |value: &serde_json::Value| String::from_utf8(BASE64_STANDARD.decode(value.as_str()?).ok()?).ok();
        let entries = data.as_object().into_iter().flatten();
        Self(entries.filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect())
    }

    /// The data of a Secret, in base64.
    pub fn data(&self) -> serde_json::Value {
        let coded = |text: &String| serde_json::Value::String(BASE64_STANDARD.encode(text));
        self.0.iter().map(|(key, text)| (key.clone(), coded(text))).collect::<serde_json::Map<_, _>>().into()
    }

    /// Makes a certificate for these names, by the authority that there was, if it is still good.
    pub fn make(&self, names: &[String], called: &str, now: Timestamp) -> Result<Self, Unmade> {
        let kept = self.authority(called, now);
        let (authority, authority_key) = match kept {
            Some(kept) => kept,
            None => {
                let key = KeyPair::generate()?;
                (authority_params(called, now)?.self_signed(&key)?.pem(), key)
            }
        };
        let key = KeyPair::generate()?;
        let params = authority_params(called, now)?;
        let issuer = Issuer::from_params(&params, &authority_key);
        let certificate = leaf(names, called, now)?.signed_by(&key, &issuer)?;
        let entries = [
            (AUTHORITY, authority),
            (AUTHORITY_KEY, authority_key.serialize_pem()),
            (CERTIFICATE, certificate.pem()),
            (KEY, key.serialize_pem()),
        ];
        Ok(Self(entries.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()))
    }

    /// The authority and its key, if a certificate can still be signed by them.
    fn authority(&self, called: &str, now: Timestamp) -> Option<(String, KeyPair)> {
        let (authority, key) = (self.0.get(AUTHORITY)?, self.0.get(AUTHORITY_KEY)?);
        let key = KeyPair::from_pem(key).ok()?;
        // Whether the two belong together shows in what they sign.
        let probe = KeyPair::generate().ok()?;
        let params = authority_params(called, now).ok()?;
        let names = ["probe.invalid".to_owned()];
        let signed =
            leaf(&names, called, now).ok()?.signed_by(&probe, &Issuer::from_params(&params, &key)).ok()?;
        let ends = years_after(now, YEARS.0)?;
        check(&signed.pem(), authority, &names, ends).ok()?;
        Some((authority.clone(), key))
    }

    /// Whether the certificate is good, and its key its own.
    pub fn state(&self, names: &[String], now: Timestamp) -> State {
        let get = |name: &str| self.0.get(name).map(String::as_str).unwrap_or_default();
        if let Err(why) = check(get(CERTIFICATE), get(AUTHORITY), names, now) {
            return why;
        }
        let key = KeyPair::from_pem(get(KEY)).map(|key| key.public_key_raw().to_vec());
        let der = CertificateDer::from_pem_slice(get(CERTIFICATE).as_bytes());
        let belongs = |key: Vec<u8>| der.is_ok_and(|der| der.windows(key.len()).any(|part| part == key));
        if !key.is_ok_and(belongs) {
            return State::Bad("its key is another one's".to_owned());
        }
        match check(get(CERTIFICATE), get(AUTHORITY), names, now + AHEAD) {
            Ok(()) => State::Good,
            Err(why) => why,
        }
    }

    /// What others may know of it.
    pub fn attributes(&self) -> Attributes {
        let authority = self.0.get(AUTHORITY).map(|text| BASE64_STANDARD.encode(text));
        let hash = |text: &String| format!("{:x}", Sha256::digest(text))[..16].to_owned();
        let fingerprint = self.0.get(CERTIFICATE).map(hash);
        let told = [("CaBundle", authority), ("Fingerprint", fingerprint)];
        told.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// Whether a certificate is for these names, by this authority, at a moment.
fn check(certificate: &str, authority: &str, names: &[String], at: Timestamp) -> Result<(), State> {
    let bad = |why: &str| State::Bad(why.to_owned());
    let read =
        |text: &str| CertificateDer::from_pem_slice(text.as_bytes()).map_err(|_| bad("it cannot be read"));
    let (certificate, authority) = (read(certificate)?, read(authority)?);
    let anchor = anchor_from_trusted_cert(&authority).map_err(|_| bad("its authority cannot be read"))?;
    let leaf = EndEntityCert::try_from(&certificate).map_err(|_| bad("it cannot be read"))?;
    let at = UnixTime::since_unix_epoch(Duration::from_secs(at.as_second().max(0).unsigned_abs()));
    let usage = KeyUsage::server_auth();
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    leaf.verify_for_usage(algorithms, &[anchor], &[], at, usage, None, None).map_err(
        |error| match error {
            webpki::Error::CertExpired { not_after, .. } => State::Ends(day(not_after)),
            webpki::Error::CertNotValidYet { .. } => bad("it is not good yet"),
            _ => bad("its authority has not signed it"),
        },
    )?;
    for name in names {
        let server = ServerName::try_from(name.as_str()).map_err(|_| bad("it is for another name"))?;
        leaf.verify_is_valid_for_subject_name(&server).map_err(|_| bad("it is for another name"))?;
    }
    Ok(())
}

fn day(at: UnixTime) -> String {
    let at =
        Timestamp::from_second(i64::try_from(at.as_secs()).unwrap_or(i64::MAX)).unwrap_or(Timestamp::MAX);
    at.strftime("%F").to_string()
}

fn years_after(now: Timestamp, years: i16) -> Option<Timestamp> {
    // Two days less, for certificates begin the day before, and count in days.
    let date = now.to_zoned(TimeZone::UTC).checked_add(jiff::Span::new().years(years)).ok()?;
    Some(date.checked_sub(jiff::Span::new().days(2)).ok()?.timestamp())
}

fn authority_params(called: &str, now: Timestamp) -> Result<CertificateParams, Unmade> {
    let mut params = params(&[], &format!("{called}-ca"), now, YEARS.1)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    Ok(params)
}

fn leaf(names: &[String], called: &str, now: Timestamp) -> Result<CertificateParams, Unmade> {
    let mut params = params(names, called, now, YEARS.0)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn params(names: &[String], called: &str, now: Timestamp, years: i16) -> Result<CertificateParams, Unmade> {
    let mut params = CertificateParams::new(names.to_vec())?;
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, called);
    // Clocks differ: it holds since yesterday.
    let from = now.to_zoned(TimeZone::UTC).date().yesterday().unwrap_or(now.to_zoned(TimeZone::UTC).date());
    let until = from.checked_add(jiff::Span::new().years(years)).unwrap_or(from);
    let of = |date: jiff::civil::Date| {
        rcgen::date_time_ymd(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    (params.not_before, params.not_after) = (of(from), of(until));
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLED: &str = "some-webhook";

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().expect("a moment")
    }

    fn names() -> Vec<String> {
        ["svc.ns", "svc.ns.svc"].map(str::to_owned).to_vec()
    }

    fn made() -> Pair {
        Pair::default().make(&names(), CALLED, now()).expect("a pair")
    }

    #[test]
    fn one_that_was_made_is_good_until_shortly_before_its_end() {
        let pair = Pair::of(&made().data());
        assert_eq!(pair.state(&names(), now()), State::Good);
        let late = years_after(now(), 10).expect("a moment") - Duration::from_secs(30 * 24 * 60 * 60);
        assert_eq!(pair.state(&names(), late), State::Ends("2036-11-23".to_owned()));
        let names = ["other.ns".to_owned()];
        assert_eq!(pair.state(&names, now()), State::Bad("it is for another name".to_owned()));
    }

    #[test]
    fn a_new_one_is_signed_by_the_same_authority() {
        let pair = made();
        let later = years_after(now(), 9).expect("a moment");
        let renewed = pair.make(&names(), CALLED, later).expect("a pair");
        assert_eq!(pair.attributes()["CaBundle"], renewed.attributes()["CaBundle"]);
        assert_ne!(pair.attributes()["Fingerprint"], renewed.attributes()["Fingerprint"]);
        assert_eq!(renewed.state(&names(), later), State::Good);
    }

    #[test]
    fn an_authority_that_does_not_fit_is_made_anew() {
        let (mut pair, other) = (made(), made());
        pair.0.insert(AUTHORITY.to_owned(), other.0[AUTHORITY].clone());
        assert_eq!(pair.state(&names(), now()), State::Bad("its authority has not signed it".to_owned()));
        let renewed = pair.make(&names(), CALLED, now()).expect("a pair");
        assert_eq!(renewed.state(&names(), now()), State::Good);
        assert_ne!(renewed.attributes()["CaBundle"], pair.attributes()["CaBundle"]);
    }

    #[test]
    fn a_key_of_another_one_and_an_empty_secret_are_bad() {
        let (mut pair, other) = (made(), made());
        pair.0.insert(KEY.to_owned(), other.0[KEY].clone());
        assert_eq!(pair.state(&names(), now()), State::Bad("its key is another one's".to_owned()));
        assert_eq!(Pair::default().state(&names(), now()), State::Bad("it cannot be read".to_owned()));
    }
}
