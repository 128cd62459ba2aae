//! The three declarations. Each is an ordinary Rust item with the file's words beside it.

/// A section: the struct, its table, its reader and its rules from one declaration.
///
/// ```text
/// section! {
///     /// Where the Kubernetes API answers.
///     pub struct ClusterEndpoints {
///         /// Inside the VPC.
///         "privateAccess" private_access: bool = { eksctl: false, eksact: true },
///         /// On the internet.
///         "publicAccess"  public_access:  bool = true,
///     }
///     blank   { "privateAccess" = null }
///     not yet { "other" "more" = false "section": DECLARED_BY_LATER as "another" => "write `another`" }
///     refused { "another": "because…" }
///     renamed { "old" => "publicAccess" }
///     rules   { reachable }
///     instead { what_to_write_for_a_value_of_another_shape }
/// }
/// ```
/// After the `=` stands what holds where the file says nothing: a value in the file's own words, one for each
/// apiVersion, or `_` for "left open", which makes the field an `Option`. Without it the field is required,
/// unless it is a list, a map, or a section that needs nothing.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        pub struct $Name:ident {
            $( $(#[doc = $doc:literal])+ $key:literal $field:ident : $ty:ty $(= $default:tt)?, )*
        }
        $( blank { $($blank:literal = $nothing:tt)+ } )?
        $( not yet {
            $($later:literal $(= $idle:tt)? $(: $under:ident)? $(as $other:literal)? $(=> $says:literal)?)+
        } )?
        $( refused { $($no:literal : $why:literal,)+ } )?
        $( renamed { $($old:literal => $new:literal,)+ } )?
        $( rules { $($rule:path),+ } )?
        $( instead { $instead:path } )?
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, Default)]
        pub struct $Name {
            $( $(#[doc = $doc])+ pub(crate) $field: $crate::config::declare::slot!($ty $(, $default)?), )*
        }

        impl $crate::config::declare::Section for $Name {
            const DECL: &'static $crate::config::declare::SectionDecl = &$crate::config::declare::SectionDecl {
                name: stringify!($Name),
                about: concat!($($about),+),
                fields: &[$($crate::config::declare::FieldDecl {
                    key: $key,
                    about: concat!($($doc),+),
                    default: $crate::config::declare::default!($($default)?),
                    kind: $crate::config::value::kind::<$ty>(),
                }),*],
                blank: &[$($(($blank, stringify!($nothing))),+)?],
                not_yet: &[$($($crate::config::declare::not_yet!(
                    $later [$($idle)?] [$($under)?] [$($other)?] [$($says)?]
                )),+)?],
                refused: &[$($(($no, $why)),+)?],
                renamed: &[$($(($old, $new)),+)?],
            };

            fn fill(fields: &mut $crate::config::fields::Fields<'_, '_, '_>) -> Self {
                Self { $($field: $crate::config::declare::take!(fields, $ty $(, $default)?),)* }
            }

            fn written(&self) -> serde_json::Map<String, serde_json::Value> {
                let mut fields = serde_json::Map::new();
                $( $crate::config::declare::put!(fields, $key, self.$field $(, $default)?); )*
                fields
            }

            fn broken_rules(&self) -> Vec<$crate::config::Diagnostic> {
                let found = std::iter::empty();
                $($( let found = found.chain($rule(self)); )+)?
                found.collect()
            }

            $( fn instead(node: &$crate::config::tree::Node<'_>) -> Option<String> { $instead(node) } )?
        }
        $crate::config::value::by_section!($Name);
    };
}

/// Sections of eksctl's that cannot be carried out yet: only the names in them, so that a slip of the pen in
/// one shows.
macro_rules! later {
    ($(
        $(#[doc = $about:literal])+
        $NAME:ident { $($key:literal $(= $idle:tt)? $(: $under:ident)? $(=> $says:literal)?)+ }
    )+) => {$(
        $(#[doc = $about])+
        pub const $NAME: &$crate::config::declare::SectionDecl = &$crate::config::declare::SectionDecl {
            name: stringify!($NAME),
            about: concat!($($about),+),
            fields: &[],
            blank: &[],
            not_yet: &[$($crate::config::declare::not_yet!(
                $key [$($idle)?] [$($under)?] [] [$($says)?]
            )),+],
            refused: &[],
            renamed: &[],
        };
    )+};
}

/// A name that cannot be carried out yet, the value with which it asks for nothing, the section under it, and what
/// to do instead.
macro_rules! not_yet {
    ($key:literal [$($idle:tt)?] [$($under:ident)?] [$($other:literal)?] [$($says:literal)?]) => {
        $crate::config::declare::NotYet {
            key: $key,
            idle: [$(stringify!($idle),)? ""][0],
            under: [$(Some($under),)? None][0],
            other: [$(Some($other),)? None][0],
            says: [$(Some($says),)? None][0],
        }
    };
}

/// A word out of a fixed set: the enum and its spelling.
macro_rules! choice {
    (
        $(#[doc = $about:literal])+
        pub enum $Name:ident {
            $(#[doc = $first_doc:literal])* $first_word:literal $First:ident,
            $( $(#[doc = $doc:literal])* $word:literal $Variant:ident, )*
        }
        $( not yet { $($later:literal)+ } )?
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $Name {
            $(#[doc = $first_doc])* #[default] $First,
            $( $(#[doc = $doc])* $Variant, )*
        }

        impl $crate::config::value::Choice for $Name {
            const WORDS: &'static [(&'static str, Self)] =
                &[($first_word, Self::$First), $(($word, Self::$Variant)),*];
            const NOT_YET: &'static [&'static str] = &[$($($later),+)?];
        }
        $crate::config::value::by_choice!($Name);
    };
}

/// Text of a fixed form: a newtype, checked when read.
macro_rules! text {
    ($(
        $(#[doc = $about:literal])+
        pub struct $Name:ident = $form:expr $(, instead $instead:path)?;
    )+) => {$(
        $(#[doc = $about])+
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $Name(pub(crate) String);

        impl $crate::config::value::Text for $Name {
            const FORM: $crate::config::value::Form = $form;
            fn new(text: String) -> Self { Self(text) }
            $( fn instead(text: &str) -> Option<&'static str> { $instead(text) } )?
        }
        $crate::config::value::by_text!($Name);

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
    )+};
}

/// The default as it would stand in the file.
macro_rules! default {
    () => {
        $crate::config::declare::Default::None
    };
    (_) => {
        $crate::config::declare::Default::Open
    };
    ({ eksctl: $eksctl:tt, eksact: $eksact:tt }) => {
        $crate::config::declare::Default::Differs { eksctl: stringify!($eksctl), eksact: stringify!($eksact) }
    };
    ($same:tt) => {
        $crate::config::declare::Default::Same(stringify!($same))
    };
}

/// What the struct holds.
macro_rules! slot {
    ($ty:ty, _) => { Option<$crate::config::Spanned<$ty>> };
    ($ty:ty $(, $default:tt)?) => { $crate::config::Spanned<$ty> };
}

/// How it gets it.
macro_rules! take {
    ($fields:ident, $ty:ty, _) => {
        $fields.optional::<$ty>()
    };
    ($fields:ident, $ty:ty $(, $default:tt)?) => {
        $fields.value::<$ty>()
    };
}

/// How it is written.
macro_rules! put {
    ($fields:ident, $key:literal, $value:expr, _) => {
        if let Some(value) = &$value {
            $fields.insert($key.to_owned(), $crate::config::value::Value::written(&value.value));
        }
    };
    // Which of two defaults it is depends on the apiVersion: so it is said, even where it is empty.
    ($fields:ident, $key:literal, $value:expr, { $($differs:tt)+ }) => {
        $fields.insert($key.to_owned(), $crate::config::value::Value::written(&$value.value));
    };
    ($fields:ident, $key:literal, $value:expr $(, $default:tt)?) => {
        let value = $crate::config::value::Value::written(&$value.value);
        // A list in which nothing is, or a section without defaults, needs no line unless somebody wrote one.
        if $value.is_written() || !$crate::config::value::is_empty(&value) {
            $fields.insert($key.to_owned(), value);
        }
    };
}

pub(crate) use {choice, default, later, not_yet, put, section, slot, take, text};
