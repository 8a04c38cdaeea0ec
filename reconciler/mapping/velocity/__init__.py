"""The template language: Apache Velocity 1.7, as API Gateway runs it.

How a text becomes an output::

    grammar, tokens --> lexer      the text's tokens; which there are depends on what was read before
    token_reader, expressions,
      strings, texts --> parser    tokens --> tree: the syntax tree, which the linter walks
    expression_compiler, compiler  the tree --> closures, with loops and the blocks of #define (loops, scopes)
    template                       parse(text) --> Template, kept; Template.render(variables, budget)

The values and their methods are those of `reconciler.mapping.java`. Where Velocity has a habit that surprises, a test
has a row for it. What the tests expect was compared with Velocity 1.7 itself and with recorded answers of API Gateway.
"""
