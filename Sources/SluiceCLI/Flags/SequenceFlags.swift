internal import ArgumentParser
internal import Sluice

/// What is known of a sequence of pictures beforehand.
struct SequenceFlags: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The first number of a sequence of pictures, such as 'shots/%04d.png'. (default: the lowest)",
            valueName: "number"
        ),
        transform: expecting("a whole number")
    )
    var startNumber: Int?
}
