internal import ArgumentParser
internal import Sluice

/// What is known of a sequence of pictures beforehand.
struct SequenceFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The first number of a sequence of pictures, such as 'shots/%04d.png'. (default: the lowest)",
            valueName: "number"
        ),
        transform: expecting("a whole number, 0 or more")
    )
    var startNumber: Int?

    func validate() throws {
        if let startNumber, startNumber < 0 { throw ValidationError("--start-number \(startNumber) is below 0") }
    }
}
