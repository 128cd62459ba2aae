//! Somebody at a shell: an account, a folder with files, and nothing else in the environment.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::until::{if_so, until_with};
use crate::stack::Account;

/// Calls that make or change something, as a fault rule names them; of those that take away it has none, nor
/// of those that ask.
pub const MAKING: &str = "[!DGLS]*";

/// Between two looks at what a run says.
const GLANCE: Duration = Duration::from_millis(10);
/// Between two looks at its calls: the next one is soon made.
const BLINK: Duration = Duration::from_millis(2);

pub struct Shell {
    pub account: Account,
    /// The variables that are set.
    environment: Vec<(String, String)>,
    folder: TempDir,
}

impl Shell {
    /// With credentials of an account of its own.
    pub fn new() -> Self {
        let account = Account::new();
        let key = format!("AKIA{}", account.number);
        Self::of(account, &key)
    }

    /// The same, with a real API server behind each cluster, and nothing left out.
    pub fn with_kubernetes() -> Self {
        let it = Self::new().without("EKSACT_SKIP_KUBERNETES");
        programs();
        it.account.settings(json!({ "kubernetes": true }));
        it
    }

    /// The same, with controllers, a scheduler and something that plays kubelets: what is asked for runs.
    pub fn with_workloads() -> Self {
        let it = Self::with_kubernetes();
        it.account.settings(json!({ "controllers": true }));
        it
    }

    /// Types a line for kubectl, whose kubeconfig is the one of the home here, and waits for its answer.
    pub fn kubectl(&self, line: &str, stdin: Option<&Value>) -> String {
        let mut kubectl = self.kubectl_command(line);
        kubectl.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = kubectl.spawn().unwrap();
        let input = stdin.map(Value::to_string).unwrap_or_default();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let [out, err] =
            [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned());
        assert!(output.status.success(), "kubectl {line}: {err}");
        out
    }

    /// The same account, but another person: another home, other files, another key.
    pub fn colleague(&self, letters: &str) -> Self {
        let account = Account { number: self.account.number.clone() };
        let key = format!("AKIA{}{letters}", account.number);
        Self::of(account, &key)
    }

    fn of(account: Account, key: &str) -> Self {
        let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let environment = vec![
            set("AWS_ENDPOINT_URL", account.endpoint()),
            set("AWS_ACCESS_KEY_ID", key),
            set("AWS_SECRET_ACCESS_KEY", "local"),
            set("AWS_EC2_METADATA_DISABLED", "true"),
            set("EKSACT_SKIP_KUBERNETES", "true"),
        ];
        Self { account, environment, folder: TempDir::new().unwrap() }
    }

    /// Another value for a variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without a variable.
    pub fn without(mut self, name: &str) -> Self {
        self.environment.retain(|(set, _)| set != name);
        self
    }

    pub fn file(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Edits a file: what is to be replaced must be there.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from}:\n{text}");
        self.file(name, &text.replace(from, to));
    }

    /// What is in a file.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The home of who types here.
    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// Two subnets in two zones, in a network that somebody else has made.
    pub fn network(&self) -> [String; 2] {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let ec2 = aws_sdk_ec2::Client::new(&self.account.sdk().await);
            let vpc =
                ec2.create_vpc().cidr_block("10.0.0.0/16").send().await.unwrap().vpc.unwrap().vpc_id.unwrap();
            let mut subnets = Vec::new();
            for (zone, range) in [("us-west-2a", "10.0.0.0/24"), ("us-west-2b", "10.0.1.0/24")] {
                let subnet = ec2.create_subnet().vpc_id(&vpc).availability_zone(zone).cidr_block(range);
                subnets.push(subnet.send().await.unwrap().subnet.unwrap().subnet_id.unwrap());
            }
            subnets.try_into().unwrap()
        })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eksact"));
        let home = self.home();
        fs::create_dir_all(&home).unwrap();
        command.args(line.split_whitespace()).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env_clear().env("HOME", home).envs(self.environment.iter().cloned());
        command
    }

    /// kubectl, ready to be run, whose kubeconfig is the one of the home here.
    pub fn kubectl_command(&self, line: &str) -> Command {
        let mut kubectl = Command::new(PathBuf::from(programs()).join("kubectl"));
        kubectl.args(line.split_whitespace()).current_dir(self.folder.path());
        kubectl.env_clear().env("HOME", self.home()).envs(self.environment.iter().cloned());
        kubectl
    }

    /// Types a line, and waits for its end.
    pub fn eksact(&self, line: &str) -> Ended {
        Ended::new(line, self.command(line).output().unwrap())
    }

    /// Types a line whose answer goes into a file that is there.
    pub fn eksact_onto(&self, file: &str, line: &str) -> Ended {
        let file = File::options().write(true).open(file).unwrap();
        Ended::new(line, self.command(line).stdout(file).stderr(Stdio::piped()).output().unwrap())
    }

    /// Types a line on a terminal of this size, in a UTF-8 locale, and keys once something is to be seen.
    pub fn on_terminal(&self, size: (usize, usize), keys: &[(&str, &str)], line: &str) -> Terminal {
        self.terminal(size, keys, None, &[], line)
    }

    /// The same with other variables.
    pub fn on_terminal_with(&self, variables: &[(&str, &str)], line: &str) -> Terminal {
        self.terminal((80, 40), &[], None, variables, line)
    }

    /// The same on one that is made as narrow as this once something is to be seen.
    pub fn on_terminal_resized(&self, (text, columns): (&str, usize), line: &str) -> Terminal {
        self.terminal((80, 40), &[], Some((text, columns)), &[], line)
    }

    fn terminal(
        &self,
        (columns, rows): (usize, usize),
        keys: &[(&str, &str)],
        resized: Option<(&str, usize)>,
        variables: &[(&str, &str)],
        line: &str,
    ) -> Terminal {
        let typed = self.command(line);
        let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/localstack/terminal"));
        command.args(["--columns", &columns.to_string(), "--rows", &rows.to_string()]);
        keys.iter().for_each(|(text, keys)| _ = command.args(["--when", text, keys]));
        if let Some((text, columns)) = resized {
            command.args(["--resize", text, &columns.to_string()]);
        }
        command.arg("--").arg(typed.get_program()).args(typed.get_args()).stdin(Stdio::null());
        command.current_dir(self.folder.path()).env_clear().env("PATH", env!("PATH"));
        command.env("TERM", "xterm").env("LANG", "C.UTF-8").envs(variables.iter().copied());
        typed.get_envs().for_each(|(name, value)| _ = command.env(name, value.unwrap_or_default()));
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        Terminal(serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {told}")))
    }

    /// Types a line, and does not wait for its end.
    pub fn start(&self, line: &str) -> Running {
        let screen = self.path("screen.log");
        let shown = File::create(&screen).unwrap();
        let mut command = self.command(line);
        command.stdout(shown.try_clone().unwrap()).stderr(shown);
        Running { child: command.spawn().unwrap(), screen }
    }

    /// Types a line, and kills it with the n-th call of a kind that it makes; whether it came so far.
    pub fn killed(&self, line: &str, operation: &str, nth: usize) -> bool {
        self.account.faults(json!({ "operation": operation, "kind": "delay", "ms": 0 }));
        let mut run = self.start(line);
        run.until_seen(&self.account, nth);
        let came = self.account.seen() >= nth;
        run.kill();
        self.account.faults(json!([]));
        came
    }

    /// The same, but the n-th call never gets to AWS.
    pub fn killed_before(&self, line: &str, operation: &str, nth: usize) -> bool {
        let forever = 86_400_000;
        self.account.faults(json!({ "operation": operation, "kind": "delay", "ms": forever, "nth": nth }));
        let mut run = self.start(line);
        run.until_seen(&self.account, nth);
        let came = self.account.seen() >= nth;
        run.kill();
        self.account.faults(json!([]));
        came
    }

    /// The calls that made or changed something since it was last asked, in order of name.
    pub fn sent(&self) -> Vec<String> {
        let calls = self.account.calls().into_iter().filter(|call| call.mutating);
        let mut sent: Vec<String> = calls.map(|call| call.operation).collect();
        sent.sort();
        sent
    }

    /// That nothing was made or changed since it was last asked.
    #[track_caller]
    pub fn nothing_sent(&self) {
        assert_eq!(self.sent(), [""; 0]);
    }
}

/// Builds what plays Kubernetes, if it is not there yet: minutes, once.
fn programs() -> &'static str {
    static BUILT: OnceLock<String> = OnceLock::new();
    BUILT.get_or_init(|| {
        let programs = concat!(env!("CARGO_MANIFEST_DIR"), "/localstack/programs");
        let names =
            ["etcd", "kube-apiserver", "kubectl", "kube-controller-manager", "kube-scheduler", "kwok"];
        let built = Command::new(programs).args(names).output().unwrap();
        assert!(built.status.success());
        String::from_utf8(built.stdout).unwrap().trim().to_owned()
    })
}

/// A run that is under way. Dropped, it is killed.
pub struct Running {
    child: Child,
    /// What it says, answer and talk.
    screen: PathBuf,
}

impl Running {
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits until it has said this, or is over.
    #[track_caller]
    pub fn until_it_says(&mut self, text: &str) {
        until_with(GLANCE, text, || {
            let is_over = !self.is_running();
            let said = self.said();
            if_so(is_over || said.contains(text), said)
        });
    }

    /// Waits until it is over, and leaves its code to be asked for.
    #[track_caller]
    pub fn until_it_ends(&mut self) {
        until_with(GLANCE, "its end", || if_so(!self.is_running(), self.said()));
    }

    /// Waits until the first fault rule of an account was asked about so many calls, or it is over.
    #[track_caller]
    pub fn until_seen(&mut self, account: &Account, calls: usize) {
        until_with(BLINK, "its calls", || {
            let seen = account.seen();
            if_so(seen >= calls || !self.is_running(), format!("{seen} of {calls} calls"))
        });
    }

    /// As `kill -9` does.
    pub fn kill(&mut self) -> ExitStatus {
        self.child.kill().unwrap();
        self.child.wait().unwrap()
    }

    /// As Ctrl-C does; answers with the code and with what was said.
    pub fn interrupt(self) -> (Option<i32>, String) {
        self.signal("INT");
        self.end()
    }

    /// Sends a signal, by its name.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Its end: the code, and what was said.
    pub fn end(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.said())
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.screen).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// What was to be seen on a terminal.
pub struct Terminal(Value);

impl Terminal {
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.0["exit"], code, "{}", self.text());
        self
    }

    fn of(lines: &Value) -> Vec<String> {
        lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    }

    /// All lines that it has ever shown.
    pub fn lines(&self) -> Vec<String> {
        Self::of(&self.0["lines"])
    }

    pub fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// What it showed, one time after the other.
    pub fn frames(&self) -> Vec<Vec<String>> {
        self.0["frames"].as_array().unwrap().iter().map(|frame| Self::of(&frame["lines"])).collect()
    }

    pub fn is_coloured(&self) -> bool {
        self.0["coloured"] == true
    }
}

/// A run that is over.
pub struct Ended {
    line: String,
    code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    fn new(line: &str, output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(output.stdout), text(output.stderr));
        Self { line: line.to_owned(), code: output.status.code(), out, err }
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        let told = format!("$ eksact {}\n{}{}", self.line, self.err, self.out);
        assert_eq!(self.code, Some(code), "{told}");
        self
    }

    /// On stdout or stderr.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        let told = format!("{}{}", self.err, self.out);
        assert!(told.contains(text), "$ eksact {}\n{told}\ndoes not say: {text}", self.line);
        self
    }

    /// The object that is all of stdout.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}:\n{}{}", self.err, self.out))
    }
}
