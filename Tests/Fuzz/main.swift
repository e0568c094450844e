import Foundation

// libFuzzer's own entry, given which parser it is to feed: `sluice-fuzz PARSER [libFuzzer's arguments]`. Without arguments it
// names the parsers.

/// libFuzzer's loop; it is in what `-sanitize=fuzzer` links.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

nonisolated(unsafe) var chosen: FuzzTarget?

guard CommandLine.argc > 1, let target = FuzzTarget.named(CommandLine.arguments[1]) else {
    print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
    exit(CommandLine.argc > 1 ? 64 : 0)
}
chosen = target
// libFuzzer takes the rest, with the program's name before it.
let rest = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
let texts = rest.map { strdup($0) } + [nil]
let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count)
list.initialize(from: texts, count: texts.count)
var arguments = list
var count = CInt(rest.count)
exit(
    runFuzzer(&count, &arguments) { bytes, count in
        chosen?.feed(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
    }
)
