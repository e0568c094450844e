/// `${name}` in a value: replaced by a variable of the job. The result is not substituted again.
enum Substitution {
    /// A value without its substitutions.
    ///
    /// - Parameters:
    ///   - word: The value; `$$` is one dollar sign.
    ///   - place: Where it is.
    ///   - value: The value of a name, or `nil`.
    static func apply(
        _ word: String,
        at place: ManifestPlace,
        value: (String) -> String?
    ) throws(ManifestProblem) -> String {
        guard word.contains("$") else { return word }
        var (result, rest) = ("", word[...])
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            switch rest.first {
            case "$":
                result += "$"
                rest = rest.dropFirst()
            case "{":
                guard let end = rest.firstIndex(of: "}") else {
                    throw ManifestProblem("\(word): ${ without }", at: place)
                }
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                guard let value = value(name) else {
                    throw ManifestProblem("${\(name)} is not defined for this job", at: place)
                }
                result += value
                rest = rest[rest.index(after: end)...]
            default:
                throw ManifestProblem(
                    "\(word): use $$ for a dollar sign, or ${NAME} for a value of this job",
                    at: place
                )
            }
            guard result.utf8.count <= ManifestLimits.wordLength else {
                throw ManifestProblem("a value of more than \(ManifestLimits.wordLength) bytes", at: place)
            }
        }
        return result + rest
    }

    /// The names that a value refers to.
    static func names(in word: String) -> [String] {
        guard word.utf8.contains(UInt8(ascii: "$")) else { return [] }
        var (names, rest) = ([String](), word[...])
        while let dollar = rest.firstIndex(of: "$") {
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                rest = rest.dropFirst()
                continue
            }
            guard rest.first == "{", let end = rest.firstIndex(of: "}") else { continue }
            names.append(String(rest[rest.index(after: rest.startIndex)..<end]))
            rest = rest[end...]
        }
        return names
    }
}
