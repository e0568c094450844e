/// Reads a filter graph's text as libavfilter does (`av_get_token`, `graphparser.c`): escaped by backslashes, and quoted.
struct FilterScanner {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The next character, which is not taken; `nil` at the end.
    var next: Character? { place < bytes.count ? Character(Unicode.Scalar(bytes[place])) : nil }

    /// What has not been taken yet.
    var rest: String { String(decoding: bytes[place...], as: UTF8.self) }

    /// Takes the next character if it is this one.
    mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        place += 1
        return true
    }

    /// Takes these characters if they come next, all of them.
    mutating func take(_ text: String) -> Bool {
        guard bytes[place...].starts(with: text.utf8) else { return false }
        place += text.utf8.count
        return true
    }

    /// Passes over the characters that are like this.
    ///
    /// - Returns: Whether there was one.
    mutating func skip(while isLike: (Character) -> Bool) -> Bool {
        let start = place
        while let next, isLike(next) { place += 1 }
        return place > start
    }

    /// Passes over spaces and line ends.
    mutating func skipSpaces() {
        while let next, " \n\t\r".unicodeScalars.contains(where: { Character($0) == next }) { place += 1 }
    }

    /// Takes everything up to one of these characters, without the quotes and escapes, and without spaces around it.
    mutating func token(until ends: String) -> String {
        skipSpaces()
        var (token, end): ([UInt8], Int) = ([], 0)
        while let character = next, !ends.contains(character) {
            place += 1
            if character == "\\", place < bytes.count {
                token.append(bytes[place])
                place += 1
                end = token.count
            } else if character == "'" {
                while place < bytes.count, bytes[place] != UInt8(ascii: "'") {
                    token.append(bytes[place])
                    place += 1
                }
                if place < bytes.count {
                    place += 1
                    end = token.count
                }
            } else {
                token.append(bytes[place - 1])
            }
        }
        while token.count > end, let last = token.last, " \n\t\r".utf8.contains(last) { token.removeLast() }
        return String(decoding: token, as: UTF8.self)
    }
}

/// One filter of a graph, as its text describes it.
struct FilterUse: Hashable, Sendable {
    /// Which filter.
    let name: String
    /// Its options in order; without a name where they have none.
    let options: [Option]

    /// An option.
    struct Option: Hashable, Sendable {
        let name: String?
        let value: String
    }

    /// Reads what is between the commas: `name@instance=options`.
    init(name: String, options text: String) {
        self.name =
            name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
        options = Self.options(text)
    }

    private static func options(_ text: String) -> [Option] {
        var options: [Option] = []
        var scanner = FilterScanner(text)
        while scanner.next != nil {
            let name = scanner.optionName()
            options.append(Option(name: name, value: scanner.token(until: ":")))
            guard scanner.take(":") else { break }
        }
        return options
    }

    /// The value of an option by its names, or by its place among those without a name.
    func value(_ names: [String], at position: Int? = nil) -> String? {
        if let named = options.last(where: { names.contains($0.name ?? "") }) { return named.value }
        guard let position else { return nil }
        let unnamed = options.prefix { $0.name == nil }
        return position < unnamed.count ? unnamed[position].value : nil
    }
}

extension FilterScanner {
    /// Takes an option's name and its equals sign; `nil`, with nothing taken, if a value without a name follows.
    fileprivate mutating func optionName() -> String? {
        var ahead = self
        ahead.skipSpaces()
        var name = ""
        while let character = ahead.next, character.isASCII,
            character.isLetter || character.isNumber || "-_/.".contains(character)
        {
            name.append(character)
            _ = ahead.take(character)
        }
        ahead.skipSpaces()
        guard !name.isEmpty, ahead.take("=") else { return nil }
        self = ahead
        return name
    }
}
