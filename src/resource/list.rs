//! Lists of properties whose order means something.

use serde::Serialize;

use super::{Comparison, Outputs, Place, Property, Seen, Type};

/// A list that is compared one by one, as long as it is as long as the other: `BlockDeviceMappings.0`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct List<T>(pub Vec<T>);

impl<T: Property> Property for List<T> {
    fn types(see: &mut dyn FnMut(Type)) {
        T::types(see);
    }
    fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        self.0.iter().for_each(|element| element.visit(see));
    }
    fn resolve(&mut self, outputs: &Outputs) {
        self.0.iter_mut().for_each(|element| element.resolve(outputs));
    }
    fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
        if self.0.len() != live.0.len() {
            return into.differ(at, Some(live), Some(self));
        }
        for (index, (desired, live)) in self.0.iter().zip(&live.0).enumerate() {
            desired.compare(live, &at.entry(&index.to_string()), into);
        }
    }
}
