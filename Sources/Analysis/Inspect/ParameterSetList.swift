/// A parameter set, sequence header or key frame header as text.
public struct ParameterSetWords: Encodable, Hashable, Sendable {
    /// A syntax element, or several of them with one meaning.
    public struct Field: Encodable, Hashable, Sendable {
        /// What it is.
        public let name: String
        /// The value, as text.
        public let value: String
    }

    /// `Sequence parameter set 0`.
    public let title: String
    /// The number of the first unit that has it; -1 for those of the decoder configuration record.
    public let unit: Int
    /// Its fields.
    public private(set) var fields: [Field] = []

    init(_ title: String, unit: Int) { (self.title, self.unit) = (title, unit) }

    /// Adds a field, if it has a value.
    mutating func add(_ name: String, _ value: String?) {
        if let value { fields.append(Field(name: name, value: value)) }
    }
}

/// The different parameter sets of a stream in their order, of which a bounded number is kept.
struct ParameterSetList: Sendable {
    /// A stream may change its parameter sets with every key frame; only the first ones are useful to a reader.
    static let limit = 32

    private(set) var sets: [ParameterSetWords] = []
    /// Different ones that are not in ``sets``.
    private(set) var omitted = 0
    private var seen: Set<[UInt8]> = []
    /// The number of the unit that is being read.
    var unit = -1

    /// Takes a parameter set unless it was there before.
    ///
    /// - Parameters:
    ///   - bytes: The bytes that distinguish it from others.
    ///   - words: Describes it as text; called once.
    mutating func add(_ bytes: ArraySlice<UInt8>, _ words: (_ unit: Int) -> ParameterSetWords) {
        guard !seen.contains(Array(bytes)) else { return }
        guard sets.count < Self.limit else {
            omitted += 1
            return
        }
        seen.insert(Array(bytes))
        sets.append(words(unit))
    }
}
