// A plugin of oxlint: reports regular expressions that take more than linear time for some text.
import { checkSync } from 'recheck';

// Its other checker tries random texts. This one does not support lookaheads, and takes minutes for some expressions.
// `test/properties/linear-time.test.ts` measures those.
const OPTIONS = { checker: 'automaton', timeout: 5000 };

export default {
  meta: { name: 'regexp' },
  rules: {
    'linear-time': {
      create: (context) => ({
        Literal(node) {
          if (!node.regex) return;
          const { status, complexity, attack } = checkSync(node.regex.pattern, node.regex.flags, OPTIONS);
          if (status !== 'vulnerable') return;
          const message = `This takes ${complexity.summary} time for ${attack.pattern}. Scan the text once, or bound the repetition.`;
          context.report({ node, message });
        },
      }),
    },
  },
};
