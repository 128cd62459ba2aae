//! What is said about a file: a stable code, a place, a sentence, and what to do.

use crate::config::place::Span;

/// Declares the codes once: how bad it is, the variant, what is printed, and the line that `explain` starts
/// with.
macro_rules! codes {
    ($( $severity:ident $variant:ident = $id:literal : $explanation:literal, )*) => {
        /// A stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $( #[doc = $explanation] $variant, )* }

        impl Code {
            pub const ALL: &'static [Code] = &[ $( Code::$variant, )* ];
            pub fn id(self) -> &'static str { match self { $( Code::$variant => $id, )* } }
            pub fn explanation(self) -> &'static str { match self { $( Code::$variant => $explanation, )* } }
            /// What is wrong, why that matters, and mostly a wrong and a right file: Markdown.
            pub fn text(self) -> &'static str {
                match self {
                    $( Code::$variant => {
                        include_str!(concat!("../../templates/explain/", $id, ".md"))
                    } )*
                }
            }
            /// The code that is printed like this, whatever the case.
            pub fn of(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.id().eq_ignore_ascii_case(id))
            }
            pub fn severity(self) -> Severity { match self { $( Code::$variant => Severity::$severity, )* } }
        }
    };
}

codes! {
    Error Syntax = "E0001": "The file is not YAML from this place on.",
    Error DuplicateKey = "E0002": "A map says the same key twice; readers disagree about which one counts.",
    Error BadAlias = "E0003": "An alias names an anchor that is not there, or that it is part of.",
    Error TooMuch = "E0004":
        "The file is too large, nested too deeply, or grows too much when its aliases are followed.",
    Error BadKey = "E0005": "A key is a list or a map; every key here is text.",
    Error UnknownTag = "E0006": "A YAML tag (`!name`) has no meaning in a cluster file.",
    Error BadMerge = "E0007": "The merge key `<<` takes a map, or a list of maps.",
    Error AnotherDocument = "E0008": "A cluster file describes one cluster, in one document.",
    Error WrongType = "E0101": "A value has another type than the field takes.",
    Error MissingField = "E0102": "A field that has no default is not there.",
    Error NotAChoice = "E0103": "The field takes one of a fixed set of words.",
    Error UnknownField = "E0104": "No field of this name exists here.",
    Error Malformed = "E0105": "The value has the right type, but not the form that the field takes.",
    Error NoValue = "E0106": "A key is there and its value is not.",
    Error OtherNotation = "E0107":
        "YAML knows several notations for numbers and booleans; only the plain one is read.",
    Error HostBits = "E0110": "A CIDR has bits set beyond its prefix.",
    Error Unfilled = "E0111":
        "A shell variable or a template's gap stands where its value should: nothing fills it in here.",
    Error NotYet = "E0108":
        "eksctl knows this name; it cannot be carried out yet: the file is refused rather than half done.",
    Error Refused = "E0109": "This field will not be carried out, for the reason given.",
    Error MinAboveMax = "E0201": "A smallest size is above the largest.",
    Error DesiredOutside = "E0202": "A group's desired size lies outside its smallest and largest.",
    Error DuplicateName = "E0203": "Two things that are told apart by their name have the same one.",
    Error ReservedLabel = "E0204":
        "Kubernetes keeps labels under its own domains to itself; the node would be refused.",
    Error TooFewZones = "E0205": "EKS needs subnets in two zones at least.",
    Error OutsideVpc = "E0206": "A subnet's CIDR lies outside the VPC's.",
    Error Overlap = "E0207": "Two CIDRs that must be apart overlap.",
    Error Exclusive = "E0208": "Two fields exclude each other.",
    Error NeedsOther = "E0209": "A field has no effect without another one.",
    Error NoEndpoint = "E0210": "With both endpoints off nothing could reach the cluster.",
    Error SubnetWithoutId = "E0211":
        "Subnets of a VPC that is made are laid out alike; single ones cannot be described yet.",
    Error NoSuchSubnet = "E0212": "A node group names a subnet that is not under `vpc.subnets`.",
    Error BadSettings = "E0213": "Settings of an add-on are a map, in JSON or YAML, as text.",
    Error Elsewhere = "E0214": "A zone or a key lies in another region than the cluster.",
    Error BadTag = "E0215": "A tag has a key or a value that AWS does not take, or that is not the user's.",
    Error BadLabel = "E0216": "Kubernetes does not take this as the key or the value of a label or taint.",
    Error VolumeLimits = "E0217": "EBS has no such volume, or none that an instance starts from.",
    Error TooMany = "E0218": "A list has more items than AWS takes.",
    Error Everybody = "E0219": "A list that is meant to let nobody in lets everybody in.",
    Error NotPrivate = "E0220": "Services have addresses that are not private.",
    Error ReservedName = "E0221": "EKS gives no access entry such a group or user name.",
    Error NoSuchRetention = "E0222": "CloudWatch keeps logs for some numbers of days only.",
    Error OurLanguage = "E0230": "The field is eksact's own, and not one of eksctl's language.",
    Error NoSuchComponentVersion = "E0231": "A component has no such version, or none for this Kubernetes version.",
    Error NotOfComponent = "E0232": "The component does not take this setting.",
    Error OwnArgument = "E0233": "An argument of a component is eksact's to set.",
    Error RequestAboveLimit = "E0234": "A container asks for more than it is limited to.",
    Error NoneMayGo = "E0235": "A disruption budget never lets a pod go, and nodes could not be emptied.",
    Error OtherAccount = "E0401": "The file is meant for one AWS account, and this is another.",
    Error NoSuchVersion = "E0402": "EKS does not offer this version of Kubernetes.",
    Error NoSuchZone = "E0403": "A zone does not exist for this account, or not for this cluster.",
    Error ZonesChanged = "E0404": "The zones of a cluster that lives cannot be changed.",
    Error TooManyZones = "E0405": "A VPC is divided for eight zones at most.",
    Error NoSuchInstanceType = "E0406": "The region has no such instance type.",
    Error MixedArchitectures = "E0407": "All instance types of a node group start from one image.",
    Error NotInZone = "E0408": "A node group stands in a zone that has none of its instance types.",
    Error NoSuchAddon = "E0409": "EKS has no add-on of this name.",
    Error NoSuchAddonVersion = "E0410": "An add-on has no such version for this version of Kubernetes.",
    Error NotFound = "E0411": "Something that the file takes to exist does not.",
    Error SaidOtherwise = "E0412": "Something that exists is not what the file says of it.",
    Error NoSubnets = "E0413": "A node group stands in subnets of a kind that the VPC does not have.",
    Error TooManyTags = "E0414": "AWS puts fifty tags on one thing at most.",
    Error PoliciesTooLong = "E0415": "A role's own policies are longer than IAM takes.",
    Error NoSuchIdentity = "E0416": "Nobody knows which service accounts an add-on has.",
    Error SupportIsOver = "E0417": "The standard support of a version of Kubernetes is over.",
    Warning Renamed = "W0301": "The field has a newer name; the old one is still read.",
    Warning LooksLikeOther = "W0302":
        "Text without quotes that other YAML readers take for a number or a boolean.",
    Warning EmptySection = "W0303": "A section is named and left empty; its defaults apply.",
    Warning NotShown = "W0304": "There are more problems than anybody reads.",
    Warning UnfilledText = "W0305":
        "Text holds a shell variable; nothing fills it in here, so it is taken as it stands.",
    Warning NoWayOut = "W0306": "Nodes without public addresses are in a network without NAT gateways.",
    Warning BadWaiver = "W0307": "A waiver names no check, or gives no reason: it allows nothing.",
    Warning UnknownCheck = "W0308": "A waiver names a check that does not exist.",
    Warning IdleWaiver = "W0309": "A waiver is for something that is not so, or not where it stands.",
}

/// An error stops the file from being used, a warning does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

/// A place and what is said there.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// A replacement that is certainly what was meant: editors may apply it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub span: Span,
    pub replacement: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub code: Code,
    pub message: String,
    pub primary: Label,
    pub secondary: Vec<Label>,
    pub help: Option<String>,
    pub fix: Option<Fix>,
}

impl Diagnostic {
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let primary = Label { span, text: String::new() };
        Self { code, message: message.into(), primary, secondary: Vec::new(), help: None, fix: None }
    }

    /// What stands under the carets.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// A second place that explains the first.
    pub fn and(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }
}
