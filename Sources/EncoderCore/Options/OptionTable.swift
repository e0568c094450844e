package import VideoTypes

/// The options of an encoder library: what each may be, where it goes, what it needs, and why others are refused.
package struct OptionTable<Place> {
    private let library: String
    private let spelling: OptionSpelling
    private let others: Place?
    private let rows: [String: OptionRow<Place>]

    /// - Parameters:
    ///   - library: Its name in messages.
    ///   - spelling: How the library reads names.
    ///   - others: Where options go that have no row; without it, they are refused. Some libraries report unknown names themselves.
    ///   - rows: Of rows with the same name, the first counts.
    package init(
        _ library: String,
        spelling: OptionSpelling = .exact,
        others: Place? = nil,
        _ rows: [OptionRow<Place>]
    ) {
        (self.library, self.spelling, self.others) = (library, spelling, others)
        let named = rows.flatMap { row in row.names.map { ($0, row) } }
        self.rows = Dictionary(named, uniquingKeysWith: { first, _ in first })
    }

    /// The error for an option that the library does not have, with the names nearest to it.
    package func unknown(_ option: EncoderOption) -> EncoderConfigError {
        let names = Array(rows.keys) + spelling.otherNames
        return .unknownOption(encoder: library, key: option.key, nearest: names.nearest(to: spelling.name(option.key)))
    }

    /// The options of a configuration, in their order.
    ///
    /// - Throws: `EncoderConfigError` for an option that is unknown, refused, has no effect, undoes another setting, or does not have
    ///   one of its values.
    package func settings(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) -> [OptionSetting<Place>] {
        let given = GivenOptions(config, spelling)
        return try config.values.encoderOptions.map { option throws(EncoderConfigError) in try setting(option, given) }
    }

    private func setting(
        _ option: EncoderOption,
        _ given: GivenOptions
    ) throws(EncoderConfigError) -> OptionSetting<Place> {
        let name = spelling.name(option.key)
        let row = rows[name]
        if case .refused(let reason) = row?.use {
            throw .conflict("encoder option \(option.text) is not passed on: \(reason())")
        }
        guard case .passed(let place) = row?.use ?? others.map(OptionRow.Use.passed) else {
            throw unknown(option)
        }
        if let refusal = row?.rules.lazy.compactMap({ $0.refusal(given) }).first {
            throw .unsupported("encoder option \(option.text) \(refusal.text)")
        }
        if !spelling.isNegated(option.key) { try row?.values.check(option) }
        return OptionSetting(option: option, name: name, place: place, number: row?.values.index(of: option.value))
    }
}

extension OptionTable: Sendable where Place: Sendable {}

/// An option that is passed on.
package struct OptionSetting<Place> {
    /// As it was given.
    package let option: EncoderOption
    /// The library's first name for it.
    package let name: String
    /// Where the library takes it.
    package let place: Place
    /// Its value, if it is a whole number or the name of one.
    package let number: Int?
}

/// How a library reads the names of its options.
package enum OptionSpelling: Sendable {
    /// As they are.
    case exact
    /// `_` is `-`, `no-NAME` is `NAME=0`, and some options have two names: the other name, and the first.
    case loose(aliases: [String: String])

    /// The first of an option's names.
    package func name(_ key: String) -> String {
        guard case .loose(let aliases) = self else { return key }
        let dashed = String(key.map { $0 == "_" ? "-" : $0 })
        let name = dashed.hasPrefix("no-") ? String(dashed.dropFirst(3)) : dashed
        return aliases[name] ?? name
    }

    /// The names that are not the first of an option.
    var otherNames: [String] { if case .loose(let aliases) = self { Array(aliases.keys) } else { [] } }

    /// Whether the name turns the option off, whatever its value.
    func isNegated(_ key: String) -> Bool {
        guard case .loose = self else { return false }
        return key.hasPrefix("no-") || key.hasPrefix("no_")
    }
}

/// What rules ask: the configuration, and its options by name.
package struct GivenOptions: Sendable {
    /// The whole configuration.
    package let config: ValidatedEncoderConfig
    /// The value that was given last, by the option's name; `no-NAME` is 0.
    package let values: [String: String]

    init(_ config: ValidatedEncoderConfig, _ spelling: OptionSpelling) {
        let named = config.values.encoderOptions.map { option in
            (spelling.name(option.key), spelling.isNegated(option.key) ? "0" : option.value)
        }
        self.config = config
        values = Dictionary(named, uniquingKeysWith: { $1 })
    }

    /// Whether an option is not 0.
    package func isOn(_ name: String, isDefault: Bool) -> Bool { values[name].map { $0 != "0" } ?? isDefault }
}

extension EncoderOption {
    /// The option as messages name it.
    package var text: String { "\(key)=\(value)" }
}
