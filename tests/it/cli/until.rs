//! Looks at something again and again until it is as it should be: with a pause in between, in which those who
//! work at it have the processors, and not for ever.

use std::thread::sleep;
use std::time::Duration;

/// Before it is given up.
const LONGEST: Duration = Duration::from_secs(300);
/// Between two looks at what another program is asked for.
const PAUSE: Duration = Duration::from_millis(100);

/// What `look` finds at last. As long as it finds something else, it says what.
#[track_caller]
pub fn until<T>(what: &str, look: impl FnMut() -> Result<T, String>) -> T {
    until_with(PAUSE, what, look)
}

/// The same, with another pause.
#[track_caller]
pub fn until_with<T>(pause: Duration, what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let looks = LONGEST.as_millis() / pause.as_millis();
    let mut seen = String::new();
    for _ in 0..looks {
        match look() {
            Ok(found) => return found,
            Err(other) => seen = other,
        }
        sleep(pause);
    }
    panic!("{what}: not after {looks} looks; the last one saw {seen:?}")
}

/// Whether something is so, with what was seen of it: an answer for [`until`].
pub fn if_so(is_so: bool, seen: impl Into<String>) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(seen.into()) }
}
