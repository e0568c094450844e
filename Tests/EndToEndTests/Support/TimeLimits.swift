import Testing

extension Trait where Self == TimeLimitTrait {
    /// For a test that would never end.
    ///
    /// The tests run side by side, and one that waits for a thread counts as running, so that this is about all of them, also on
    /// a slow machine or under a sanitizer. What a test runs has a limit of its own, of a minute or two.
    static var mustEnd: Self { .timeLimit(.minutes(60)) }
}
