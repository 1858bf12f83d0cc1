import { text, webUrl } from '../../runtime/variables';
import { provider } from '../manifest';
import { anthropicSign, anthropicWriter } from './client';

export const anthropic = provider({
  name: 'anthropic',
  title: 'Texts by Claude',
  variables: {
    baseUrl: webUrl('ANTHROPIC_BASE_URL', 'Base URL of the API.', { default: 'https://api.anthropic.com' }),
    apiKey: text('ANTHROPIC_API_KEY', 'API key.', { otherwise: 'none, no texts' }),
    model: text('ANTHROPIC_MODEL', 'Model that writes, by its id.', { default: 'claude-sonnet-5-5', alone: true }),
  },
  writer: anthropicWriter,
  signOfLife: anthropicSign,
});
