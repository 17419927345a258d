import { defineServices } from '../service';

export const OTHERS = defineServices({
  /** One of which no more is known than that it may invoke a function: how, depends on the service. */
  service: {
    title: 'AWS service',
    types: [],
    // What isn't among the services that X-Ray is integrated with is taken to do nothing for traces.
    propagation: 'breaks',
    source: {
      title: 'Integrating AWS X-Ray with other AWS services',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services.html',
    },
  },
});
