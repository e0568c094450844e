/// A parser, and how it is called with any bytes. A thrown error is a valid result; the search is for traps.
struct FuzzTarget: Sendable {
    let name: String
    let feed: @Sendable ([UInt8]) -> Void

    init(_ name: String, _ feed: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.feed = { bytes in try? feed(bytes) }
    }

    static let all: [FuzzTarget] = texts + streams + records + manifests + configurations

    static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// Ends the process as a crash that libFuzzer keeps the input of.
func require(_ condition: Bool, _ words: @autoclosure () -> String) {
    if !condition { fatalError(words()) }
}
