//! Makes an EKS cluster exactly what its file says.
//!
//! In the order in which the data flows: a file becomes a model ([`config`]), the model becomes what
//! should exist ([`desired`], a [`graph`] of [`resource`]s), what exists is read ([`world`], by [`aws`] and [`kubernetes`]),
//! what to do about it is decided ([`plan`]) and done ([`apply`]). [`ops`] are these as whole jobs,
//! [`price`] knows what it costs, [`view`] renders, [`cli`] is the door. [`sim`] is a world in memory on a virtual clock.

pub mod cluster;
#[expect(missing_docs, reason = "its items are named and described as in the file")]
pub mod config;
pub mod resource;

pub mod graph;
pub mod world;

pub mod desired;

pub mod plan;

pub mod apply;

pub mod aws;
pub mod kubernetes;
pub mod sim;

pub mod price;

pub mod ops;
pub mod view;

pub mod cli;
