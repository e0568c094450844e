/// Options of an encoder library that are treated alike.
///
/// `Place` is where the library takes a value: a field, a control, or `Void` for a text.
package struct OptionRow<Place> {
    /// What becomes of the option.
    package enum Use {
        /// It is passed on.
        case passed(Place)
        /// It is a separate setting, or would break a property of every stream; the text has the alternative, or the reason.
        case refused(@Sendable () -> String)
    }

    let names: [String]
    let use: Use
    let values: OptionValues
    let rules: [OptionRule]

    /// Options that are passed on.
    ///
    /// - Parameters:
    ///   - names: Their names, separated by white space.
    ///   - values: What they may be.
    ///   - place: Where the library takes them.
    ///   - rules: What they need; the first that is not met is the reason of the refusal.
    package static func passed(
        _ names: String,
        _ values: OptionValues = .any,
        to place: Place,
        needs rules: [OptionRule] = []
    ) -> Self { Self(names: split(names), use: .passed(place), values: values, rules: rules) }

    /// Options that another setting has the meaning of.
    package static func refused(_ names: String, use setting: @escaping @autoclosure @Sendable () -> String) -> Self {
        refused(names, because: "use \(setting())")
    }

    /// Options that would break a property of every stream, or have no effect here.
    package static func refused(_ names: String, because reason: @escaping @autoclosure @Sendable () -> String) -> Self
    {
        Self(names: split(names), use: .refused(reason), values: .any, rules: [])
    }

    /// The same options with a rule before the others.
    package func needing(_ rule: OptionRule) -> Self {
        Self(names: names, use: use, values: values, rules: [rule] + rules)
    }

    private static func split(_ names: String) -> [String] { names.split { $0.isWhitespace }.map(String.init) }
}

extension OptionRow where Place == Void {
    /// Options that are passed on as texts.
    package static func passed(_ names: String, _ values: OptionValues = .any, needs rules: [OptionRule] = []) -> Self {
        passed(names, values, to: (), needs: rules)
    }
}

extension OptionRow: Sendable where Place: Sendable {}
extension OptionRow.Use: Sendable where Place: Sendable {}
