//! stdout is the answer, stderr the talk; events go where they were asked for.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::Value;

use super::Exit;
use super::environment::{self, Environment};
use super::error::{CommandError, What};
use super::github::Github;
use super::log::Log;
use super::settings::{Output, Settings};
use super::signals::Stops;
use crate::cluster::Timestamp;
use crate::ops::Happened;
use crate::resource::Key;
use crate::view::event::Lines;
use crate::view::json::{answer, to_json, to_yaml};
use crate::view::live::{Board, Live};
use crate::view::markdown;
use crate::view::report::Report;
use crate::view::stream::Stream;

/// Writes what has been rendered. Copies of it write to the same places.
#[derive(Clone, Debug, Default)]
pub(super) struct Printer {
    output: Output,
    environment: Environment,
    stops: Stops,
    log: Option<Log>,
    shared: Arc<Mutex<Shared>>,
}

/// What all copies share.
#[derive(Debug, Default)]
struct Shared {
    /// Where events go.
    stream: Option<Stream>,
    /// Why not all of the answer could be written.
    lost: Option<String>,
    /// Whether nothing but events may be on stdout.
    stdout_is_theirs: bool,
    /// What is drawn on the terminal.
    live: Option<Live>,
    /// Whether the cursor stands behind a question.
    asks: bool,
    /// What is told where nothing can be drawn.
    lines: Lines,
    /// What was answered last.
    answered: Option<Value>,
    /// What GitHub Actions is told.
    github: Option<Github>,
}

impl Printer {
    pub fn new(settings: &Settings) -> Self {
        let shared = Shared { lines: Lines::new(settings.verbose > 0), ..Shared::default() };
        Self {
            output: settings.output,
            environment: settings.environment.clone(),
            stops: Stops::default(),
            log: settings.log.clone(),
            shared: Arc::new(Mutex::new(shared)),
        }
    }

    /// Who has to stop on a signal.
    pub fn stops(&self) -> &Stops {
        &self.stops
    }

    /// The answer: the text as it is laid out, or the object that says the same.
    pub fn answer(&self, text: impl FnOnce() -> String, object: impl FnOnce() -> Value) {
        let look = self.environment.stdout();
        self.answered(|| look.text(&text()), object);
    }

    /// The same, where the text is a screen: it is wrapped and in colour.
    pub fn screen(&self, text: impl FnOnce() -> String, object: impl FnOnce() -> Value) {
        let look = if self.shared().stdout_is_theirs {
            self.environment.stderr()
        } else {
            self.environment.stdout()
        };
        self.answered(|| look.screen(&text()), object);
    }

    fn answered(&self, text: impl FnOnce() -> String, object: impl FnOnce() -> Value) {
        let object = object();
        match self.output {
            Output::Text | Output::Markdown if self.shared().stdout_is_theirs => self.err(&text()),
            Output::Text | Output::Markdown => self.out(&text()),
            Output::Json => self.out(&to_json(&object)),
            Output::Yaml => self.out(to_yaml(&object).trim_end()),
        }
        self.conclude(object);
    }

    /// What stands for the answer in the last of the events.
    pub fn conclude(&self, object: Value) {
        self.shared().answered = Some(object);
    }

    /// A line of the answer, as it is. Who reads it may have gone: that is no failure of ours; a full disk is.
    pub fn out(&self, text: &str) {
        if let Err(error) = writeln!(anstream::stdout(), "{text}")
            && error.kind() != ErrorKind::BrokenPipe
        {
            self.shared().lost.get_or_insert(format!("stdout cannot be written: {error}"));
        }
    }

    /// Talk that is laid out already.
    pub fn talk(&self, text: &str) {
        self.above(text, |look| look.text(text));
    }

    /// Talk that is a screen: it is wrapped and in colour.
    pub fn show(&self, text: &str) {
        self.above(text, |look| look.screen(text));
    }

    /// Nothing is written across what is drawn.
    fn above(&self, text: &str, rendered: impl FnOnce(&crate::view::style::Look) -> String) {
        let is_drawn = match &mut self.shared().live {
            Some(live) => {
                live.note(text, Timestamp::now());
                true
            }
            None => false,
        };
        match is_drawn {
            true => self.note(text),
            false => self.err(&rendered(&self.environment.stderr())),
        }
    }

    /// A question, which is answered on its line.
    pub fn ask(&self, question: &str) {
        self.note(question);
        let mut screen = anstream::stderr();
        _ = write!(screen, "{question} ").and_then(|()| screen.flush());
        self.shared().asks = true;
    }

    /// Whoever was asked has ended the line.
    pub fn heard(&self) {
        self.shared().asks = false;
    }

    fn err(&self, text: &str) {
        let asked = std::mem::take(&mut self.shared().asks);
        let before = if asked { "\n" } else { "" };
        _ = writeln!(anstream::stderr(), "{before}{text}");
        self.note(text);
    }

    /// What is told in another way.
    pub fn note(&self, text: &str) {
        self.log.iter().for_each(|log| log.told(text));
    }

    /// Says why the command fails.
    pub fn fail(&self, error: &CommandError) -> Exit {
        match (&error.what, self.output) {
            (What::File(report), Output::Text | Output::Markdown) => {
                self.talk(&report.text());
                error.besides.iter().for_each(|besides| self.show(&format!("\n{}", besides.text)));
            }
            (What::File(report), _) => self.object(&file(report, error)),
            (What::Message(message), Output::Text | Output::Markdown) => {
                self.show(&format!("error: {message}"))
            }
            (What::Message(message), _) => {
                self.show(&format!("error: {message}"));
                self.object(&failure(message, error));
            }
        }
        self.conclude(match &error.what {
            What::File(report) => file(report, error),
            What::Message(message) => failure(message, error),
        });
        self.step(|github| github.markdown(markdown::end("eksact failed", &told(error))));
        for hint in &error.hints {
            self.show(&format!("  hint: {hint}"));
        }
        error.exit
    }

    /// Says why the command fails, beside an answer that it has given.
    pub fn say(&self, error: &CommandError) -> Exit {
        Self { output: Output::Text, ..self.clone() }.fail(error)
    }

    fn object(&self, object: &impl Serialize) {
        match self.output {
            Output::Yaml => self.out(to_yaml(object).trim_end()),
            Output::Text | Output::Markdown | Output::Json => self.out(&to_json(object)),
        }
    }

    /// Where events go from now on: into a file, which is made anew, or to stdout for `-`.
    ///
    /// # Errors
    /// Where the file cannot be written, or stdout is to be two things.
    pub fn open(&self, path: &Path) -> Result<(), CommandError> {
        let stdout = path == Path::new("-");
        if stdout && self.output != Output::Text {
            return Err(CommandError::usage("--events - and -o both want stdout")
                .hint("the last event is the answer: leave -o out, or give --events a file"));
        }
        let into: Box<dyn Write + Send> = match stdout {
            true => Box::new(std::io::stdout()),
            false => Box::new(
                std::fs::File::create(path)
                    .map_err(|error| CommandError::unwritable(&path.display().to_string(), &error))?,
            ),
        };
        let mut shared = self.shared();
        (shared.stream, shared.stdout_is_theirs) = (Some(Stream::new(into)), stdout);
        Ok(())
    }

    /// Tells GitHub Actions from now on.
    ///
    /// # Errors
    /// Where it is not there.
    pub fn open_step(&self) -> Result<(), CommandError> {
        self.shared().github = Some(Github::of(&self.environment)?);
        Ok(())
    }

    /// Whether GitHub Actions is told.
    pub fn is_step(&self) -> bool {
        self.shared().github.is_some()
    }

    /// Lets GitHub Actions be told of something.
    pub fn step(&self, tell: impl FnOnce(&mut Github)) {
        if let Some(github) = &mut self.shared().github {
            tell(github);
        }
    }

    /// Lets the events be told of something.
    pub fn stream(&self, tell: impl FnOnce(&mut Stream)) {
        if let Some(stream) = &mut self.shared().stream {
            tell(stream);
        }
    }

    /// Draws a board from now on, where that can be.
    pub fn draw(&self, board: Board) {
        if self.environment.live && self.shared().lines.are_few() {
            let look = self.environment.stderr();
            let stderr = Box::new(std::io::stderr());
            let live = Live::new(board, look, environment::colour(), environment::size, stderr);
            self.shared().live = Some(live);
        }
    }

    /// One thing that happened: everybody is told.
    pub fn happened(&self, happened: &Happened) {
        let mut shared = self.shared();
        let Shared { stream, live, lines, .. } = &mut *shared;
        if let Some(stream) = stream {
            stream.happened(happened);
        }
        let line = lines.line(happened);
        let is_drawn = live.is_some();
        live.iter_mut().for_each(|live| live.happened(happened));
        drop(shared);
        line.iter().for_each(|line| if is_drawn { self.note(line) } else { self.talk(line) });
    }

    /// Time has gone by: what is drawn is drawn again, and long silence is broken.
    pub fn tick(&self, now: Timestamp) {
        let mut shared = self.shared();
        let Shared { stream, live, lines, .. } = &mut *shared;
        if let Some(stream) = stream {
            stream.heartbeat(now);
        }
        let told = lines.heartbeat(now);
        let is_drawn = live.is_some();
        live.iter_mut().for_each(|live| live.tick(now));
        drop(shared);
        told.iter().for_each(|line| if is_drawn { self.note(line) } else { self.talk(line) });
    }

    /// What is drawn stays as it is. AWS may still be at these.
    pub fn drawn(&self, left: &[Key], now: Timestamp) {
        if let Some(live) = self.shared().live.take() {
            live.end(left, now);
        }
    }

    /// The end of the program, which is no good one where what it has told is lost: the last event is what was answered
    /// last.
    pub fn close(&self, exit: Exit) -> Exit {
        self.drawn(&[], Timestamp::now());
        let mut exit = self.lost().map_or(exit, |lost| self.spoiled(exit, &lost));
        let answered = self.shared().answered.clone();
        self.stream(|stream| {
            let answered = answered.unwrap_or_else(|| answer("Summary", serde_json::json!({})));
            stream.end(Timestamp::now(), &answered, exit.code());
        });
        let github = self.shared().github.take();
        let written = github.map(|mut github| {
            github.output("exit-code", &exit.code().to_string());
            github.output("exit", exit.word());
            github.write()
        });
        if let Some(Err(error)) = written {
            exit = self.spoiled(exit, &error);
        }
        self.log.iter().for_each(|log| log.end(exit));
        exit
    }

    /// Says what could not be told; how a run ends of which not all could.
    fn spoiled(&self, exit: Exit, why: &CommandError) -> Exit {
        self.say(why);
        match exit {
            Exit::Done | Exit::Changes if self.stops.were_taken() => Exit::Partly,
            Exit::Done | Exit::Changes => Exit::Failed,
            exit => exit,
        }
    }

    /// What could not be written, and why.
    fn lost(&self) -> Option<CommandError> {
        let shared = self.shared();
        let events = shared.stream.as_ref().and_then(Stream::lost);
        let lost =
            shared.lost.clone().or_else(|| Some(format!("the events cannot be written: {}", events?)))?;
        Some(CommandError::new(Exit::Failed, lost).hint("what it was to say is lost; what was done is done"))
    }

    /// Never held while anything is awaited; a panic elsewhere leaves it whole.
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is said of a failure, in words.
fn told(error: &CommandError) -> String {
    let what = match &error.what {
        What::File(report) => report.text(),
        What::Message(message) => format!("error: {message}"),
    };
    let besides = error.besides.iter().map(|besides| format!("\n{}", besides.text));
    let hints = error.hints.iter().map(|hint| format!("  hint: {hint}"));
    [what].into_iter().chain(besides).chain(hints).collect::<Vec<_>>().join("\n")
}

/// What is wrong with a file, and what else stands in the way.
fn file(report: &Report, error: &CommandError) -> Value {
    let object = report.json();
    match &error.besides {
        Some(besides) => besides.joined(object),
        None => object,
    }
}

fn failure(message: &str, error: &CommandError) -> Value {
    answer("Error", serde_json::json!({ "message": message, "hints": error.hints }))
}
